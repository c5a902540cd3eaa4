"""The demo company's name stands with the demo and nowhere else: everybody else's callers hear their own."""

from pathlib import Path

ROOT = Path(__file__).parents[3]
THE_DEMO = {
    "src/insta_voice/auth/demo.py",
    "src/insta_voice/demo/conversation.yaml",
    "src/insta_voice/doctor/record.py",  # how to be rid of its people
    "src/insta_voice/settings/company.py",  # the default of COMPANY_NAME
}


def test_no_sentence_names_the_demo_company() -> None:
    sources = [
        *(
            path
            for path in (ROOT / "src").rglob("*")
            if path.suffix in {".py", ".md", ".toml", ".yaml", ".sql", ".txt"}
        ),
        *(path for path in (ROOT / "web" / "src").rglob("*") if ".test." not in path.name and path.is_file()),
        *(ROOT / "supabase").rglob("*.sql"),
        ROOT / "web" / "index.html",
    ]
    assert len(sources) > 200, "the check looks in the wrong place"
    named = {path.relative_to(ROOT).as_posix() for path in sources if "tidewater" in path.read_text("utf-8").lower()}
    assert named - THE_DEMO == set()
