"""Export and import of decisions."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response, StreamingResponse

from winnow.corpus.decisions.chain import read_verified
from winnow.corpus.decisions.exchange import FORMATS, export_events, import_events, parse_events
from winnow.corpus.decisions.log import open_log
from winnow.corpus.errors import UsageError
from winnow.review.answers import go, render
from winnow.review.desk import NotThereError
from winnow.review.forms import Alone, Checked, DeskOf, FormName, Short

exchange = APIRouter()


@exchange.get("/exchange")
def exchange_page(request: Request, added: Short = "") -> Response:
    """Export and import."""
    return render(request, "exchange.html", added=added)


@exchange.get("/export/decisions.{form}")
def export(desk: DeskOf, form: str) -> Response:
    """All events as a file."""
    if form not in FORMATS:
        raise NotThereError(f"exports are {' and '.join(FORMATS)}")
    with desk.connect() as index:
        events = [link.event for link in read_verified(index, desk.log)]
    kind = "text/csv" if form == "csv" else "application/jsonl"
    headers = {"Content-Disposition": f'attachment; filename="decisions.{form}"'}
    return StreamingResponse(
        export_events(events, form), media_type=f"{kind}; charset=utf-8", headers=headers
    )


@exchange.post("/import", dependencies=[Checked, Alone])
def import_log(
    desk: DeskOf, form: FormName = "csv", text: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:  # fmt: skip
    """Add the events of an export that the log does not have."""
    if form not in FORMATS:
        raise UsageError(f"an import is one of {', '.join(FORMATS)}")
    content = file.file.read() if file and file.filename else text.encode()
    try:
        events = parse_events(content.decode("utf-8-sig"), form)
    except UnicodeDecodeError as error:
        raise UsageError(f"not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    with open_log(desk.log) as log:
        added = import_events(log, events)
    return go("/exchange", added=str(len(added)))
