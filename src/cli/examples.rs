//! What `-h` shows first: commands as they are typed, with a word about each.

pub const EXAMPLES: &str = "\
Examples:
  bilat                                          ask questions about the article's meetings
  bilat -c \"FROM meetings WITH Xi\"               one question
  bilat -c \"SELECT host_country, count() FROM meetings WITH Putin SINCE 2024-05-07 GROUP BY host_country\"
  bilat run questions.bilat --format csv -o answers.csv
  bilat fmt questions.bilat                      the file in the one form that queries have
  bilat report story.md -o story.html            a story with queries in it, as a page
  echo \"DESCRIBE meetings;\" | bilat my.db        from standard input, about a file of one's own
  bilat build fixtures -o my.db                  a file from a folder of CSV files
  bilat ship my.db -o gift.db                    a sealed file to give to others
";

pub const RUN_EXAMPLES: &str = "\
Examples:
  bilat run questions.bilat                      every answer, with a summary of the claims
  bilat run questions.bilat --param who=Xi       a value for $who
  bilat run claims.bilat --format junit -o claims.xml
  bilat run questions.bilat --db my.db --as-of 2024-07-10 --keep-going
";

pub const EXPLAIN_EXAMPLES: &str = "\
Examples:
  bilat explain questions.bilat                  what each query means, its plan, its SQL
  echo \"FROM meetings DURING 2024-06\" | bilat explain - --format record
";

pub const REPORT_EXAMPLES: &str = "\
Examples:
  bilat report fixtures/stories/article.md -o article.html
  bilat report story.md --db my.db --param who=Xi > story.html
";

pub const BUILD_EXAMPLES: &str = "\
Examples:
  bilat build fixtures -o my.db                  the article's data, from a clone of the project
  bilat build . -o mine.db --force               this folder, in place of the file that is there
";

pub const SHIP_EXAMPLES: &str = "\
Examples:
  bilat ship -o gift.db                          the article's meetings
  bilat ship my.db -o gift.db                    a file of one's own: checked, fresh, sealed
";

pub const NEW_EXAMPLES: &str = "\
Examples:
  bilat new my.db --title \"Our meetings\"         the world, and no meetings yet
  bilat import meetings.csv --into my.db --mapping sheet.toml
";

pub const IMPORT_EXAMPLES: &str = "\
Examples:
  bilat import --guess trips.csv > trips.toml    a first mapping, to be edited
  bilat import trips.csv --into my.db --mapping trips.toml --create leaders,places --dry-run
  bilat import trips.csv --into my.db --mapping trips.toml --create leaders,places --rejects bad.csv
";

pub const MAPPING: &str = "\
A mapping file is TOML; grammar/mapping.md has all of it:
  row = \"visits\"                           what each row becomes: visits, meetings, events …
  ignore = [\"checked by\"]                  columns left out on purpose

  [source]                                 the publication that the table is
  title = \"Travels of Jane Roe\"
  publisher = \"Office of Jane Roe\"
  address = \"https://example.org\"

  [columns]
  leader = { column = \"who\", titles = true }      President goes, the name stays
  country = \"country\"                             a column
  date = { start = \"from\", end = \"to\" }         two columns; or order = \"day first\", year = 2024
  places = { column = \"cities\", split = [\", \"] }  several in a cell
  status = { value = \"held\" }                     the same for every row
  locator = \"roe-{id}\"                            a row is known again by it

  [names.countries]                        what a name stands for: a key or a name
  \"Burma\" = \"MM\"

Without a mapping the table is one of our own: its file has the name of a noun, its columns are those of bilat export
--as csv. Everything goes in or nothing; with --rejects the refused rows are put aside and the status is 0. What is there
already stays as it is: the same table can be imported again.
";

pub const EXPORT_EXAMPLES: &str = "\
Examples:
  bilat export my.db --as csv -o sheets          a folder to edit; bilat build sheets -o my.db --force
  bilat export --as gexf -o meetings.gexf        who met whom, for Gephi
  bilat export my.db --as geojson -o my.geojson  where, for a map
  bilat export my.db --as ics -o my.ics          when, for a calendar
";

pub const DIFF_EXAMPLES: &str = "\
Examples:
  bilat diff mine.db theirs.db                   as a table; exit status 1 if they differ
  bilat diff mine.db theirs.db --format csv
";

pub const SAVE_EXAMPLES: &str = "\
Examples:
  bilat save my.db claims.bilat                  kept inside as claims
  bilat save my.db --remove claims
";

pub const SET_EXAMPLES: &str = "\
Examples:
  bilat set my.db title=\"Our meetings\" licence=\"CC BY 4.0\"
  bilat set my.db reference_date=2026-12-01      the day up to which the file is kept
";

pub const CHECK_EXAMPLES: &str = "\
Examples:
  bilat check                                    the article's claims, on the article's meetings
  bilat check gift.db
";

pub const FMT_EXAMPLES: &str = "\
Examples:
  bilat fmt questions.bilat                      in place
  bilat fmt --check *.bilat                      says which would change, and writes nothing
  echo \"from meetings with Xi\" | bilat fmt -      from standard input to standard output
";

pub const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  bilat completions bash > ~/.local/share/bash-completion/completions/bilat
  bilat completions zsh > ~/.zfunc/_bilat        with ~/.zfunc in fpath
  bilat completions fish > ~/.config/fish/completions/bilat.fish
";
