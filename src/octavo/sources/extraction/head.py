"""The facts of a page's head, gathered in one pass: meta elements, links, title. It chooses among none of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import lxml.html

MAX_CONTENT = 4_000  # characters of one meta element


@dataclass(slots=True)
class Head:
    """Meta contents by lower-case name (property, name, itemprop or http-equiv), links by rel, and the title."""

    title: str = ""
    language: str = ""
    base: str = ""
    meta: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str:
        """The content of the first named meta element that has one."""
        return next((content for name in names for content in self.meta.get(name, ()) if content), "")

    def link(self, rel: str) -> str:
        """The first address linked with that relation."""
        return next(iter(self.links.get(rel, ())), "")


def read_head(tree: lxml.html.HtmlElement) -> Head:
    """The head of a page; meta elements in the body count too, as browsers and sharing sites read them."""
    title = tree.find(".//head/title")
    title = tree.find(".//title") if title is None else title
    head = Head(
        title=" ".join(title.text_content().split()) if title is not None else "",
        language=tree.get("lang") or tree.get("xml:lang") or "",
    )
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()[:MAX_CONTENT]
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = element.get(attribute)
            if name and content:
                head.meta.setdefault(name.strip().lower(), []).append(content)
    for element in tree.iter("link"):
        for rel in (element.get("rel") or "").lower().split():
            if element.get("href"):
                head.links.setdefault(rel, []).append(element.get("href"))
    base = tree.find(".//base")
    head.base = base.get("href", "") if base is not None else ""
    return head
