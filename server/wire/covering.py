"""A blanket certificate's declaration as it is declared for another order: the same, with that order's lines."""

from collections.abc import Mapping
from typing import Final

from origingate.v1 import declaration_pb2

from server.recent import Recent
from server.wire.json_text import message_of, text_of

_Lines = tuple[tuple[str, tuple[str, ...]], ...]
_TEXTS: Final = Recent[tuple[str, _Lines], str](256)


def declaration_for_lines(text: str, lines: Mapping[str, tuple[str, ...]]) -> str:
    """The declaration, as proto JSON, with each good standing for the lines that `lines` names for it, and no others."""
    key = (text, tuple(sorted(lines.items())))
    return _TEXTS.get(key) or _TEXTS.keep(key, _written(text, lines))


def _written(text: str, lines: Mapping[str, tuple[str, ...]]) -> str:
    declaration = message_of(text, declaration_pb2.Declaration)
    for good in declaration.goods.items:
        good.line_ids.CopyFrom(declaration_pb2.LineIds(items=lines.get(good.good_id, ())))
        # The caller's word that it stands for no line was about the order that it was issued with.
        kept = [path for path in good.none.paths if path != "line_ids"]
        if len(kept) != len(good.none.paths):
            good.none.paths[:] = kept
    return text_of(declaration)
