"""The `outturn` command: reads arguments, calls `pipelines.commands`, prints.

Results go to standard output (one JSON document with `--json`), progress and errors to standard error. Exit codes:
0 done, 1 a gate or a step failed, 2 configuration or usage (docs/operations.md).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from pipelines.errors import OutturnError, disk_trouble
from pipelines.settings import Settings, load_settings

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
_SITE = click.option(
    "--site/--no-site",
    default=lambda: os.environ.get("OUTTURN_SITE", "yes") != "no",
    help="Build the report site too (default; OUTTURN_SITE=no leaves it out).",
)


def _settings(context: click.Context) -> Settings:
    return load_settings(context.obj["home"])


def _print(content: Any, *, as_json: bool, plain: Callable[[], Sequence[str]]) -> None:
    if as_json:
        click.echo(json.dumps(content, indent=2, ensure_ascii=False, default=str))
    else:
        for line in plain():
            click.echo(line)


def _money(value: Any) -> str:
    return "n/a" if value is None else f"{value:,.2f}"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--home", type=click.Path(path_type=Path), help="Data home (default: OUTTURN_HOME, else ./var).")
@click.version_option(package_name="outturn")
@click.pass_context
def cli(context: click.Context, home: Path | None) -> None:
    """From files in an inbox to margin marts and a published report site."""
    context.obj = {"home": home}


def _month_in_words(figures: dict[str, Any]) -> str:
    if figures["month"] is None:
        return "  no complete month has revenue or cost yet"
    share = "" if figures["gross_margin_pct"] is None else f" ({figures['gross_margin_pct']:.1%})"
    return (
        f"  {figures['month']}: revenue {_money(figures['revenue'])}, "
        f"cost of sales {_money(figures['cost_of_sales'])}, "
        f"gross margin {_money(figures['gross_margin'])} {figures['base_currency']}{share}"
    )


def _published(settings: Settings, outcome: Any, *, as_json: bool, more: Mapping[str, Any] | None = None) -> None:
    from pipelines.commands.figures import first_figures
    from pipelines.commands.refresh import as_json as as_dict

    figures = first_figures(settings)

    def plain() -> list[str]:
        number = outcome.manifest.get("publication")
        if not outcome.changed and number is None:
            return [
                f"Nothing was taken in yet: drop files into {settings.inbox}/<feed> (docs/operations.md) and refresh."
            ]
        if not outcome.changed:
            return [f"Nothing changed since publication {number}; nothing to do ({outcome.seconds:.1f} s)."]
        checks, refresh = outcome.manifest["checks"], outcome.refresh
        site = settings.published / "site" / "index.html"
        lines = [
            f"Published {number} in {outcome.seconds:.1f} s, as of {outcome.manifest['as_of']} UTC.",
            f"  files: {refresh['files_loaded']} loaded, {refresh['files_refused']} refused, "
            f"{refresh['files_duplicate']} known already; rows: {refresh['rows_loaded']:,} loaded, "
            f"{refresh['rows_rejected']:,} rejected",
            f"  checks: {checks['passed']} passed, {checks['warnings']} warnings, {checks['critical']} critical; "
            f"{figures['exceptions']} exceptions",
            _month_in_words(figures),
            f"  warehouse: {settings.published / 'warehouse.duckdb'}",
        ]
        return [*lines, f"  site:      {site}"] if site.exists() else lines

    _print({**as_dict(outcome), "figures": figures, **(more or {})}, as_json=as_json, plain=plain)


@cli.command()
@_SITE
@click.option("--force", is_flag=True, help="Refresh although nothing changed.")
@_JSON
@click.pass_context
def refresh(context: click.Context, site: bool, force: bool, as_json: bool) -> None:
    """Take in what lies in the inbox, build, check, publish."""
    from pipelines.commands.refresh import run_refresh
    from pipelines.progress import Progress

    settings = _settings(context)
    outcome = run_refresh(settings, site=site, force=force, progress=Progress())
    _published(settings, outcome, as_json=as_json)


@cli.command()
@_SITE
@click.option("--scale", type=click.IntRange(1, 1000), default=1, show_default=True, help="Size of the firm.")
@_JSON
@click.pass_context
def demo(context: click.Context, site: bool, scale: int, as_json: bool) -> None:
    """Write the demo firm's files into an empty data home (default var/demo), refresh, show the next step."""
    from pipelines.commands.demo import run_demo
    from pipelines.progress import Progress

    home = context.obj["home"] or os.environ.get("OUTTURN_HOME") or Path("var") / "demo"
    settings = load_settings(home)
    outcome, _ = run_demo(settings, scale=scale, site=site, progress=Progress())
    _published(settings, outcome, as_json=as_json)
    if not as_json:
        shown = os.path.relpath(settings.home)
        click.echo(f"Next: OUTTURN_HOME={shown} make serve, or open the site's address above in a browser.")


def _status_lines(found: dict[str, Any]) -> list[str]:
    publication, failure = found["publication"], found["last_failure"]
    waits = found["set_up"]
    lines = [
        f"Data home    {found['home']}",
        f"Set up       refresh at {waits['schedule']} ({waits['time_zone']}), {waits['base_currency']}; "
        f"{len(waits['expected_feeds'])} expected tables, {len(waits['targets'])} targets, "
        f"{len(waits['audiences'])} audiences",
        f"Published    {publication['publication']} as of {publication['as_of']} UTC"
        if publication
        else "Published    nothing yet",
        f"Inbox        {found['waiting_in_inbox']} complete files wait",
        f"Refused      {found['refused_files']} files in refused/",
        "Late         " + (", ".join(late["table"] for late in found["late_feeds"]) or "nothing"),
    ]
    lines += [
        f"Target       {row['target']}: {row['status']} {row['publication']}"
        + (f": {row['message']}" if row["message"] else "")
        for row in found["targets"]
    ]
    lines += [
        f"Audience     {row['audience']}: {row['status']}" + (f": {row['message']}" if row["message"] else "")
        for row in found["audiences"]
    ]
    if proposed := found["close_proposal"]:
        still_open = "; ".join(proposed["still_open"]) or "nothing"
        lines.append(f"Close        {proposed['month']} is due: `{proposed['command']}`; still open: {still_open}")
    if found["behind"]:
        lines.append(f"Behind       {', '.join(found['behind'])}; `outturn publish` brings them up to date")
    if failure:
        lines.append(f"Last failure {failure['ended_at']} UTC, {failure['status']}: {failure['message']}")
    if found["running"]:
        lines.append(f"Running      {found['running']['refresh_id']}, since {found['running']['started_at']} UTC")
    lines += [f"Refresh      {row['refresh_id']} {row['status']}" for row in found["last_refreshes"]]
    return lines


@cli.command()
@click.option("--metrics", "with_metrics", is_flag=True, help="Write metrics/outturn.prom and print its path.")
@_JSON
@click.pass_context
def status(context: click.Context, with_metrics: bool, as_json: bool) -> None:
    """What is set up and published, what waits or is late, what failed last and why, in one screen."""
    from pipelines.commands.status import status as look

    settings = _settings(context)
    if with_metrics:
        from pipelines.metrics import write_metrics

        path = write_metrics(settings)
        _print({"metrics": str(path)}, as_json=as_json, plain=lambda: [str(path)])
        return
    found = look(settings)
    _print(found, as_json=as_json, plain=lambda: _status_lines(found))


@cli.command()
@click.option("--test", "try_out", is_flag=True, help="Send each target one message that says it works.")
@_JSON
@click.pass_context
def alerts(context: click.Context, try_out: bool, as_json: bool) -> None:
    """What is wrong now; tells each target of OUTTURN_ALERT_URLS what it does not know yet. `serve` does this too."""
    from dataclasses import asdict

    from pipelines.alerts import tell, try_targets

    settings = _settings(context)
    if try_out:
        took, targets = try_targets(settings)
        _print(
            {"targets": targets, "took_it": took},
            as_json=as_json,
            plain=lambda: [f"{took} of {targets} targets of OUTTURN_ALERT_URLS took the message."],
        )
        if took < targets or not targets:
            context.exit(1)
        return
    told = tell(settings)
    reports = settings.alerts.reports
    lines = [f"{alert.title}\n{alert.text(reports=reports)}\n" for alert in told.alerts]
    _print(asdict(told), as_json=as_json, plain=lambda: [*lines, told.sentence()])


@cli.command()
@_JSON
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Is everything set up and sound? Ends with 1 where something is not."""
    from pipelines.commands.status import doctor as examine

    found = examine(_settings(context))
    width = max(len(row["check"]) for row in found)
    _print(
        found,
        as_json=as_json,
        plain=lambda: [f"{'ok ' if row['ok'] else 'NOT'} {row['check']:{width}}  {row['says']}" for row in found],
    )
    if not all(row["ok"] for row in found):
        context.exit(1)


def _delivered(settings: Settings, manifest: dict[str, Any], done: Sequence[Any], *, as_json: bool) -> None:
    import dataclasses

    from pipelines.publishing.outside import require

    number = manifest["publication"]
    _print(
        {"publication": number, "as_of": manifest["as_of"], "targets": [dataclasses.asdict(one) for one in done]},
        as_json=as_json,
        plain=lambda: [
            f"Readers see publication {number}, as of {manifest['as_of']} UTC.",
            *(f"  {one.target}: {one.status}{f': {one.message}' if one.message else ''}" for one in done),
        ],
    )
    require(settings)


@cli.command()
@click.argument("steps", type=click.IntRange(min=1), default=1)
@click.option("--to", type=int, help="Show this publication, an older or a newer one, instead of counting back.")
@_JSON
@click.pass_context
def rollback(context: click.Context, steps: int, to: int | None, as_json: bool) -> None:
    """Show readers the publication STEPS before (default 1), here and on every target. The next refresh publishes
    anew."""
    from pipelines.commands.rollback import rollback as go_back

    settings = _settings(context)
    manifest, done = go_back(settings, steps=steps, to=to)
    _delivered(settings, manifest, done, as_json=as_json)


@cli.command()
@_JSON
@click.pass_context
def publish(context: click.Context, as_json: bool) -> None:
    """Bring what readers see here to every target that does not show it, without a refresh."""
    from pipelines.commands.rollback import publish_again

    settings = _settings(context)
    manifest, done = publish_again(settings)
    _delivered(settings, manifest, done, as_json=as_json)


@cli.command()
@click.argument("month")
@_JSON
@click.pass_context
def close(context: click.Context, month: str, as_json: bool) -> None:
    """Freeze MONTH (YYYY-MM): its published figures, the inputs' hash, the code's version."""
    from pipelines.commands.close import close as freeze

    found = freeze(_settings(context), month=month)
    _print(found, as_json=as_json, plain=lambda: [f"Closed {month}: {found['folder']} ({found['hash'][:16]})"])


def _moved_lines(done: Any) -> list[str]:
    if done.moved is None:
        return ["The old warehouse does not open; nothing could be compared."]
    return [
        f"  {row['table']:24} {row['month'] or 'every month':11} {row['rows_gone']:>8,} rows gone  "
        f"{row['rows_new']:>8,} rows new"
        for row in done.moved
    ] or ["  every row in force is what it was"]


@cli.command()
@click.option("--month", help="Back-fill: only where nothing but rows of this month (YYYY-MM) comes out otherwise.")
@_SITE
@_JSON
@click.pass_context
def replay(context: click.Context, month: str | None, site: bool, as_json: bool) -> None:
    """Make the private warehouse anew from the archive, then refresh. For a damaged warehouse or a mended profile."""
    from pipelines.commands.refresh import run_refresh
    from pipelines.commands.replay import as_json as as_dict
    from pipelines.commands.replay import replay as run_replay
    from pipelines.progress import Progress

    settings = _settings(context)
    done = run_replay(settings, month=month, progress=Progress())
    lines = [f"Replayed {done.files:,} files, {done.rows:,} rows; beside the warehouse so far:", *_moved_lines(done)]
    if done.set_aside is None:
        lines.append(f"{month} is what the archive says; nothing to do.")
        _print({"replay": as_dict(done)}, as_json=as_json, plain=lambda: lines)
        return
    if not as_json:
        _print(None, as_json=False, plain=lambda: lines)
    outcome = run_refresh(settings, site=site, force=True, progress=Progress())
    _published(settings, outcome, as_json=as_json, more={"replay": as_dict(done)})


@cli.command()
@click.argument("file")
@click.option("--reason", default="", help="Why; it stands in ops.loads.")
@_SITE
@_JSON
@click.pass_context
def undo(context: click.Context, file: str, reason: str, site: bool, as_json: bool) -> None:
    """Take out FILE (name, or first digits of its SHA-256) as if it had never come, then refresh."""
    from pipelines.commands.refresh import run_refresh
    from pipelines.commands.replay import as_json as as_dict
    from pipelines.commands.replay import undo as run_undo
    from pipelines.progress import Progress

    settings = _settings(context)
    undone, done = run_undo(settings, file=file, reason=reason, progress=Progress())
    lines = [f"Undone: {undone.feed}/{undone.file_name} ({undone.sha256[:16]})", *_moved_lines(done)]
    if not as_json:
        _print(None, as_json=False, plain=lambda: lines)
    outcome = run_refresh(settings, site=site, force=True, progress=Progress())
    _published(settings, outcome, as_json=as_json, more={"undone": undone.line(), "replay": as_dict(done)})


@cli.command()
@click.option("--file", "file_name", help="Only rows of this file.")
@click.option("--all", "with_settled", is_flag=True, help="Also rows that a later file brought corrected.")
@click.option(
    "--export",
    "out",
    type=click.Path(path_type=Path),
    help="Write a workbook (.xlsx) to correct and drop back into the inbox, or a list (.csv).",
)
@_JSON
@click.pass_context
def rejects(context: click.Context, file_name: str | None, with_settled: bool, out: Path | None, as_json: bool) -> None:
    """What was not taken in, rows and whole files: where, why, what to do."""
    from pipelines.commands.rejects import export_rejects, read_rejects

    found = read_rejects(_settings(context), file_name=file_name, with_settled=with_settled)
    if out:
        export_rejects(found, out)
        count = sum(len(records) for records in found.records.values())
        todo = f"; correct it and drop it into {_settings(context).inbox}" if out.suffix == ".xlsx" and count else ""
        click.echo(f"{count} rows with {len(found.findings)} findings written to {out}{todo}", err=True)
        return

    def plain() -> list[str]:
        lines = [f"{row['feed']}/{row['file_name']}: refused: {row['reason']}" for row in found.refused]
        lines += [
            f"{row['file_name']}:{row['source_line']} {row['column_name'] or 'row'} = {row['value']!r}: "
            f"{row['reason']}; to do: {row['remedy']}"
            + (f" (settled by {row['settled_by']})" if row["settled_by"] else "")
            for row in found.findings
        ]
        return lines or ["No row was rejected and no file refused."]

    _print({"refused_files": found.refused, "rejected_rows": found.findings}, as_json=as_json, plain=plain)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--line", help="The row to show, as `outturn rejects` names it (12, Sheet1!12); else the first.")
@_JSON
@click.pass_context
def explain(context: click.Context, file: Path, line: str | None, as_json: bool) -> None:
    """How FILE would be recognised and mapped, value by value for one row. Takes nothing in."""
    from pipelines.commands.explain import explain_file

    found, lines = explain_file(_settings(context), file, line=line)
    _print(found, as_json=as_json, plain=lambda: lines)


@cli.group()
def profile() -> None:
    """Declared column maps for tabular files of other tools."""


@profile.command("new")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--name", help="Name of the profile (default: from the file's name).")
@click.option("--table", help="The canonical table that the file holds (default: guessed).")
@click.option("--stdout", "to_stdout", is_flag=True, help="Print the draft, the preview as comments; write nothing.")
@_JSON
@click.pass_context
def profile_new(
    context: click.Context, file: Path, name: str | None, table: str | None, to_stdout: bool, as_json: bool
) -> None:
    """Draft a profile from FILE into the data home's profiles/ and show the first rows as they would load."""
    from pipelines.commands.profile import new_profile

    found, lines = new_profile(_settings(context), file, name=name, table=table, to_stdout=to_stdout)
    _print(found, as_json=as_json, plain=lambda: lines)


@cli.command()
@click.argument("mart")
@click.argument("key")
@click.option("--limit", default=50, show_default=True, help="Rows to show.")
@_JSON
@click.pass_context
def trace(context: click.Context, mart: str, key: str, limit: int, as_json: bool) -> None:
    """The source rows behind a row of MART: file, line, amount. KEY as PROJECT/YYYY-MM. Reads the private warehouse."""
    from pipelines.commands.trace import trace as follow

    found = follow(_settings(context), mart=mart, key=key, limit=limit)

    def plain() -> list[str]:
        lines = [f"{found['mart']} {found['key']}: {found['rows']:,} source rows"]
        lines += [
            f"  {row['measure']:16} {_money(row['amount']):>16} {row['unit']}  {row['rows']:,} rows"
            for row in found["totals"]
        ]
        lines.append("largest first:")
        lines += [
            f"  {row['measure']:16} {_money(row['amount']):>16} {row['unit']}  {row['file_name']}:{row['source_line']}"
            for row in found["sources"]
        ]
        return lines

    _print(found, as_json=as_json, plain=plain)


@cli.command()
@click.argument("tables", nargs=-1)
@click.option("--format", "kind", type=click.Choice(["csv", "parquet", "xlsx"]), default="csv", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("export"), show_default=True)
@_JSON
@click.pass_context
def export(context: click.Context, tables: tuple[str, ...], kind: str, out: Path, as_json: bool) -> None:
    """Write published TABLES (schema.table; default: all marts) as CSV, Parquet or one workbook."""
    from pipelines.commands.export import export as write

    written = write(_settings(context), tables=tables, kind=kind, out=out)
    _print([str(p) for p in written], as_json=as_json, plain=lambda: [str(p) for p in written])


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the site listens.")
@click.option(
    "--dagster-host", default="127.0.0.1", show_default=True, help="Where Dagster listens; it has no login of its own."
)
@click.option("--audience", help="Serve the site of this audience instead of everybody's.")
@click.option("--site-port", default=8080, show_default=True)
@click.option("--dagster-port", default=3000, show_default=True)
@click.pass_context
def serve(
    context: click.Context, host: str, dagster_host: str, audience: str | None, site_port: int, dagster_port: int
) -> None:
    """Dagster's UI and daemon, and the published site, until stopped."""
    from pipelines.commands.serve import run_serve
    from pipelines.progress import Progress

    run_serve(
        _settings(context),
        host=host,
        dagster_host=dagster_host,
        audience=audience,
        site_port=site_port,
        dagster_port=dagster_port,
        progress=Progress(),
    )


@cli.command()
@click.argument("name", type=click.Choice(["daemon", "webserver", "site"]))
@click.option("--host", default="127.0.0.1", show_default=True, help="Of webserver and site.")
@click.option("--port", type=int, help="Of webserver (3000) and site (8080).")
@click.pass_context
def service(context: click.Context, name: str, host: str, port: int | None) -> None:
    """One process for systemd or a container: Dagster's daemon or UI, or the site (docs/deploy)."""
    from pipelines.commands.service import run_service

    run_service(_settings(context), name=name, host=host, port=port or {"webserver": 3000}.get(name, 8080))


@cli.command("setup-site")
def setup_site() -> None:
    """Install the report site's packages from their lock file, once. Part of `make setup`."""
    from pipelines.publishing.site import install_packages

    installed = install_packages()
    click.echo("Report site packages installed." if installed else "Report site packages stand already.", err=True)


def main() -> None:
    """Entry point: an OutturnError becomes one sentence and its exit code."""
    try:
        cli(standalone_mode=True)
    except OutturnError as error:
        click.echo(f"outturn: {error.sentence()}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        known = disk_trouble(error)
        if known is None:
            raise
        click.echo(f"outturn: {known.sentence()}", err=True)
        sys.exit(known.exit_code)


if __name__ == "__main__":
    main()
