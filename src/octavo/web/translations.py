"""Keeps the translation files in step with the words of the interface: `python -m octavo.web.translations`.

It collects every message of templates and programs, brings the .po files up to date (new messages stand empty, what is
not said any more goes) and compiles them. It needs no gettext tools. It never translates; a test says what is missing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parent
SOURCES = (WEB, WEB.parent / "services", WEB.parent / "core" / "talking")
LOCALE = WEB / "locale"
# English is what stands in the sources; its file is filled with the messages themselves.
SOURCE_LANGUAGE = "en"
TRANSLATIONS = ("ar",)
SIMPLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
# A decision's last words are its reason, which pages translate when they show it.
DECISION = "CommentDecision"
HEADER = (
    "# The words of Octavo's interface. `python -m octavo.web.translations` keeps this file in step with the sources."
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the interface; `plural` and `context` are empty where there is none."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def id(self) -> str | tuple[str, str]:
        """As a catalogue names it."""
        return (self.text, self.plural) if self.plural else self.text


def messages() -> list[Message]:
    """Every message of the interface, each once, in a lasting order."""
    found = {*in_programs(), *in_templates(), *of_lower_floors()}
    return sorted(
        (message for message in found if message.text),
        key=lambda message: (message.text.casefold(), message.text, message.context, message.plural),
    )


def in_programs() -> Iterator[Message]:
    """The messages that Python files ask for."""
    for folder in SOURCES:
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and (message := _called(node)):
                    yield message


def in_templates() -> Iterator[Message]:
    """The messages of the templates, as Django reads them."""
    from django.template import engines
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    engine = engines["django"].engine  # type: ignore[attr-defined]
    for path in sorted((WEB / "templates").rglob("*.*")):
        parsed: Any = engine.from_string(path.read_text(encoding="utf-8"))
        for node in parsed.nodelist.get_nodes_by_type(TranslateNode):
            yield Message(_literal(node.filter_expression), context=_literal(node.message_context))
        for node in parsed.nodelist.get_nodes_by_type(BlockTranslateNode):
            singular, plural = (node.render_token_list(tokens)[0] for tokens in (node.singular, node.plural))
            yield Message(singular, plural, _literal(node.message_context))


def of_lower_floors() -> Iterator[Message]:
    """Sentences that floors without translations speak, and pages translate when they show them."""
    from octavo.services import health
    from octavo.sources import opml
    from octavo.sources.refusals import ADVICE

    known = (
        *health.CAUSES.values(),
        *health.REMEDIES.values(),
        *ADVICE.values(),
        opml.NO_LIST,
        opml.CUT,
        opml.TOO_LARGE,
    )
    for sentence in (*known, health.NOT_READ, health.SERVER_FAULT, health.OTHERWISE):
        yield Message(sentence)


def path_of(language: str, suffix: str = "po") -> Path:
    """Where a language's file lies."""
    return LOCALE / language / "LC_MESSAGES" / f"django.{suffix}"


def read(language: str) -> Catalog:
    """A language's catalogue; empty where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    return read_po(BytesIO(path.read_bytes()), locale=language)


def updated(language: str) -> Catalog:
    """A language's catalogue with the messages of today: known translations kept, others empty."""
    old, new = read(language), Catalog(locale=language, project="Octavo", header_comment=HEADER, fuzzy=False)
    new.version, new.msgid_bugs_address, new.last_translator, new.language_team = "1", "", "", ""
    for message in messages():
        known = old.get(message.id, message.context or None)
        words = message.id if language == SOURCE_LANGUAGE else known.string if known else ""
        new.add(message.id, words, context=message.context or None)
    new.creation_date = new.revision_date = old.creation_date
    return new


def missing(language: str) -> list[str]:
    """The messages that a language's file does not have, or has without words for each number."""
    catalogue = read(language)
    return [message.text for message in messages() if not _is_complete(catalogue, message)]


def as_po(catalogue: Catalog) -> bytes:
    """A catalogue as a .po file."""
    written = BytesIO()
    write_po(written, catalogue, width=100, omit_header=False)
    return written.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """A catalogue compiled."""
    written = BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def main() -> None:
    """Brings all files up to date."""
    for language in (SOURCE_LANGUAGE, *TRANSLATIONS):
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        path_of(language).write_bytes(as_po(updated(language)))
        path_of(language, "mo").write_bytes(as_mo(read(language)))
        print(f"{language}: {len(messages())} messages, {len(missing(language))} without words")


def _is_complete(catalogue: Catalog, message: Message) -> bool:
    known = catalogue.get(message.id, message.context or None)
    if known is None or known.fuzzy:
        return False
    words = known.string if isinstance(known.string, (tuple, list)) else (known.string,)
    return all(words) and len(words) == (catalogue.num_plurals if message.plural else 1)


def _called(call: ast.Call) -> Message | None:
    """The message of a call such as `_("Latest")`; None for other calls."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    words = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if name in SIMPLE and words:
        return Message(words[0])
    if name == DECISION and len(words) == 2:
        return Message(words[1])
    if name in PLURAL and len(words) >= 2:
        return Message(words[0], words[1])
    return Message(words[1], context=words[0]) if name in CONTEXT and len(words) >= 2 else None


def _literal(expression: Any) -> str:
    """The text of a literal in a template; empty for nothing and for a variable, whose text is not known here."""
    if expression is None or isinstance(expression, str):
        return expression or ""
    variable = getattr(expression, "var", None)
    literal = getattr(variable, "literal", None)
    return variable if isinstance(variable, str) else str(literal or "")


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "octavo.django_settings")
    import django

    django.setup()
    main()
