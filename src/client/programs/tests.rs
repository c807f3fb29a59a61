//! Formulas and faults as a computer runs them: languages, limits, failures.

use super::*;

fn runner(directory: &Path) -> Runner {
    Runner {
        launcher: Launcher::new(None),
        places: Places::new(Some(directory)),
        user: Person { login: "jdoe".to_owned(), fullname: "John Doe".to_owned(), uid: 1000 },
        timeout: Duration::from_secs(20),
        keep_files: false,
    }
}

async fn run(language: &str, code: &str) -> Result<Option<String>, ProgramError> {
    run_within(Duration::from_secs(20), language, code).await
}

async fn run_within(
    timeout: Duration,
    language: &str,
    code: &str,
) -> Result<Option<String>, ProgramError> {
    let directory = tempfile::tempdir().unwrap();
    let mut runner = runner(directory.path());
    runner.timeout = timeout;
    let program =
        Program { name: "TST".to_owned(), language: language.to_owned(), code: code.to_owned() };
    runner.run(&program).await
}

#[tokio::test]
async fn programs_and_their_values() {
    let table = [
        ("D-FORM-17", "bash", "echo \"$MIGAS_USER~$MIGAS_USER_FULLNAME\"", Some("jdoe~John Doe\n")),
        ("D-FORM-17", "bash", "test -t 0 || echo no terminal", Some("no terminal\n")),
        ("D-FORM-17", "bash", "pwd | grep -c migas-", Some("1\n")),
        ("D-FORM-17", "perl", "print \"a\" . $ENV{MIGAS_USER};", Some("ajdoe")),
        ("D-FORM-17", "cmd", "echo off", None),
        ("D-FORM-17", "powershell", "Get-Host", None),
        ("D-FORM-13", "bash", "echo x; echo warning >&2", Some("x\n")),
        ("D-FAULT-02", "bash", "true", Some("")),
        ("D-CLI-09", "bash", "echo $PATH $HOME", Some(&*format!("{PATH} /root\n"))),
        ("D-CLI-09", "bash", "echo \"[$DISPLAY$CARGO$SHLVL_X]\"", Some("[]\n")),
    ];
    for (rule, language, code, expected) in table {
        let value = run(language, code).await.unwrap();
        assert_eq!(value.as_deref(), expected, "{rule}: {language} {code}");
    }
}

#[tokio::test]
async fn d_form_13_a_failing_program_gives_no_value_and_says_why() {
    let error = run("bash", "echo value; echo broken >&2; exit 3").await.unwrap_err();
    assert_eq!(error.to_string(), "ended with exit status: 3: broken");
    let error = run("perl", "die 'no good'").await.unwrap_err();
    assert!(error.to_string().contains("no good"), "{error}");
}

#[tokio::test]
async fn d_form_13_a_program_that_hangs_is_ended_with_everything_it_started() {
    let directory = tempfile::tempdir().unwrap();
    let pids = directory.path().join("pids");
    let code = format!("sleep 600 & echo $! > {0}; echo $$ >> {0}; wait", pids.display());
    let error = run_within(Duration::from_millis(700), "bash", &code).await.unwrap_err();
    assert!(matches!(error, ProgramError::Timeout(_)), "{error}");
    for pid in std::fs::read_to_string(&pids).unwrap().lines() {
        // The kernel delivers the signal in its own time; without one they live ten minutes.
        let stat = || std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let alive = |stat: String| !stat.is_empty() && !stat.contains(") Z ");
        let waited = std::time::Instant::now();
        while alive(stat()) {
            assert!(waited.elapsed() < Duration::from_secs(10), "{pid} is alive: {}", stat());
            std::thread::yield_now();
        }
    }
}

#[tokio::test]
async fn d_form_17_a_program_that_prints_too_much_is_killed() {
    let error = run("bash", "while :; do echo 0123456789012345678901234567890; done").await;
    assert!(matches!(error, Err(ProgramError::TooMuch)), "{error:?}");
    let error = run("bash", "while :; do echo 01234567890123456789 >&2; done").await;
    assert!(matches!(error, Err(ProgramError::TooMuch)), "{error:?}");
    let value = run("bash", "head -c 1048576 /dev/zero | tr '\\0' x").await.unwrap().unwrap();
    assert_eq!(value.len(), MAX_OUTPUT);
}

#[tokio::test]
async fn a_program_that_leaves_something_running_still_gives_its_value() {
    let value = run("bash", "sleep 30 & echo done").await.unwrap();
    assert_eq!(value.as_deref(), Some("done\n"));
}

#[tokio::test]
async fn d_cfg_06_temporary_files_go_unless_they_are_to_be_kept() {
    let value = run("bash", "pwd").await.unwrap().unwrap();
    assert!(!Path::new(value.trim()).exists());
}
