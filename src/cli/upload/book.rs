//! `migasfree-upload` and `migas-upload`: the book's options (12.2) become those of `upload`.
//!
//! Pure: arguments in, arguments out. The book's command always replaces.

use std::ffi::OsString;
use std::path::Path;

use crate::catalogue::Lang;
use crate::cli::help::parse_alone;

/// Options of the book's command.
#[derive(clap::Parser, Debug)]
#[command(name = "migasfree-upload", version)]
#[command(
    after_help = "Examples:\n  migasfree-upload -f acme_1.0_all.deb -u admin -m debian-12 -s acme\n  \
                  migasfree-upload -d ./acme-set -n acme -u admin -m debian-12 -s acme"
)]
#[command(group = clap::ArgGroup::new("what").args(["file", "dir"]).required(true))]
struct BookArgs {
    /// Package file to upload
    #[arg(short, long, value_name = "FILE")]
    file: Option<OsString>,
    /// The file is no package
    #[arg(short, long = "regular-file", conflicts_with = "dir")]
    regular_file: bool,
    /// Directory to upload as a package set
    #[arg(short, long, value_name = "DIR")]
    dir: Option<OsString>,
    /// Name of the set, if it is not that of the directory
    #[arg(short, long, value_name = "NAME", conflicts_with = "file")]
    name: Option<OsString>,
    /// Account that uploads
    #[arg(short, long, value_name = "USER")]
    user: Option<OsString>,
    /// Its password
    #[arg(short, long, value_name = "PWD")]
    pwd: Option<OsString>,
    /// Project of the package
    #[arg(short = 'm', long = "main-project", value_name = "PRJ")]
    main_project: Option<OsString>,
    /// Store that takes it
    #[arg(short, long, value_name = "STORE")]
    store: Option<OsString>,
    /// Do not publish deployments again
    #[arg(short = 'c', long = "no-create-repo")]
    no_create_repo: bool,
}

impl BookArgs {
    fn translate(self) -> Vec<OsString> {
        let mut args: Vec<OsString> = ["migas", "upload", "--replace"].map(Into::into).into();
        args.extend(self.regular_file.then(|| "--regular-file".into()));
        args.extend(self.no_create_repo.then(|| "--no-create-repo".into()));
        for (option, value) in [
            ("--dir", self.dir),
            ("--name", self.name),
            ("--user", self.user),
            ("--pwd", self.pwd),
            ("--project", self.main_project),
            ("--store", self.store),
        ] {
            if let Some(value) = value {
                args.extend([option.into(), value]);
            }
        }
        if let Some(file) = self.file {
            args.extend(["--".into(), file]);
        }
        args
    }
}

/// Translates the arguments if the program was called by the book's name.
///
/// # Errors
/// [`clap::Error`] for options the book's command has not.
pub fn rewrite(argv: Vec<OsString>, lang: Lang) -> Result<Vec<OsString>, clap::Error> {
    let name = argv.first().and_then(|name| Path::new(name).file_name());
    match name.and_then(|name| name.to_str()) {
        Some("migasfree-upload" | "migas-upload") => {
            let book: BookArgs = parse_alone(&argv, lang, "help-migasfree-upload")?;
            Ok(book.translate())
        }
        _ => Ok(argv),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_gen_13_the_options_of_the_book_have_a_spanish_text() {
        assert_eq!(crate::cli::help::tests::lacking::<BookArgs>("help-migasfree-upload"), [""; 0]);
    }

    #[test]
    fn d_cli_01_the_book_s_upload_takes_exactly_a_file_or_a_directory() {
        let run = |line: &str| rewrite(line.split(' ').map(Into::into).collect(), Lang::En);
        let book =
            run("/usr/bin/migasfree-upload -r -f a.deb -u ann -p x -m p -s acme -c").unwrap();
        let ours = "migas upload --replace --regular-file --no-create-repo --user ann --pwd x \
                    --project p --store acme -- a.deb";
        assert_eq!(book.join(" ".as_ref()), OsString::from(ours));
        let set = run("migasfree-upload -d ./x -n acme -m p").unwrap();
        let ours = "migas upload --replace --dir ./x --name acme --project p";
        assert_eq!(set.join(" ".as_ref()), OsString::from(ours));
        // rule      what is wrong
        let table = [
            ("D-CLI-01", "migas-upload -u ann"),
            ("D-CLI-01", "migas-upload -f a.deb -d x"),
            ("D-CLI-01", "migas-upload -d x -r"),
            ("D-CLI-01", "migas-upload -f a.deb -n acme"),
            ("D-CLI-01", "migas-upload -n acme"),
        ];
        for (rule, line) in table {
            assert!(run(line).is_err(), "{rule}: {line}");
        }
        assert_eq!(run("migas upload x").unwrap().len(), 3);
    }
}
