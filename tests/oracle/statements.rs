//! A text of several statements as the evaluator needs it: each bound, with what stands before it.

use bilat::answer::Answer;
use bilat::bind::named::{Named, put_in};
use bilat::bind::tree::BoundStatement;
use bilat::bind::{self, Frame};
use bilat::diagnostic::Diagnostic;
use bilat::session::{RunError, Session};
use bilat::syntax;
use bilat::syntax::Script;
use bilat::syntax::ast::Statement;

/// The tree of a text that is known to be well formed.
pub fn parsed(text: &str) -> Script {
    let script = syntax::parse(text);
    assert!(script.diagnostics.is_empty(), "{text}: {:?}", script.diagnostics);
    script
}

/// The last statement of a text, which is the question.
pub fn bound(text: &str, script: &Script, session: &Session) -> Result<BoundStatement, Vec<Diagnostic>> {
    let mut frame = Frame::default();
    let mut named = Named::default();
    let mut last = BoundStatement::DescribeEverything;
    for statement in &script.statements {
        let mut statement = statement.value.clone();
        put_in(&mut statement, &named).map_err(|diagnostic| vec![diagnostic])?;
        match &statement {
            Statement::LetQuery { name, query } => {
                named.insert(name.value.clone(), query.clone(), Vec::new());
                frame.queries.push(name.value.clone());
            }
            Statement::LetParameter { parameter, value } => {
                frame.parameters.insert(parameter.value.clone(), value.clone());
            }
            Statement::Query(query) => named.set_last(query, Vec::new()),
            Statement::AsOf { day, .. } => frame.today = day.days().map(|days| days.first),
            _ => {}
        }
        last = bind::bind(text, &statement, session.database(), &frame)?;
    }
    Ok(last)
}

/// What the program says to the last statement of a text, or why it says nothing.
pub fn answered(session: &Session, text: &str) -> Result<Answer, String> {
    let prepared = session.compile(text).map_err(|mistakes| format!("{mistakes:?}"))?;
    let mut answer = Answer::default();
    for statement in &prepared {
        answer = Answer::default();
        match session.run(statement, &mut answer) {
            Ok(_) => {}
            Err(RunError::Failed(diagnostic)) => return Err(format!("{diagnostic:?}")),
            Err(RunError::Output(error)) => return Err(error.to_string()),
        }
    }
    Ok(answer)
}
