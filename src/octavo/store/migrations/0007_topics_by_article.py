"""An index that finds a topic's newest articles, and counts them, without reading any other: a topic may have 100,000."""

from django.db import migrations

MAKE = "CREATE INDEX store_article_hashtags_newest ON store_article_hashtags (hashtag_id, article_id)"
DROP = "DROP INDEX store_article_hashtags_newest"


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0006_story_tellings'),
    ]

    operations = [
        migrations.RunSQL(MAKE, DROP),
    ]
