// Package complaint holds the lifecycle of a complaint: the steps from intake to archive, what each of them must record, who may take
// it, and in what order.
//
// # Two uses
//
// A host whose complaints live in Charter takes a [Complaint] and calls its methods. Each checks the step against the [Rules] and either
// adds one entry or returns a *[StepError] and records nothing. What was added is in Pending, for the host (or a desk) to store. Nothing
// here stores, reads the clock or knows a deadline: limits are clauses, and package sla runs their clocks on the same entries.
//
// A host that keeps its own lifecycle calls [Check] with the history it has. The same rules then give findings instead of errors.
//
// # Rules
//
// [Rules] are plain data with a JSON form, so that every handbook can have its own and one aggregate serves all: the values of
// attributes, the levels of intake, the order of steps ([Flow]) and what a step must show ([Demand]). Each of them names the clause it
// stands for, and errors and findings repeat it. [DefaultRules] is what the five handbooks of Charter have in common.
//
// What every complaint obeys, whatever the rules, is part of the package:
//
//   - It begins with opened, once, of the kind complaint if it says of which.
//   - A complaint that is closed, cancelled or merged takes no further step but those after the end ([AfterEnd]) and reopened.
//   - held and resumed alternate; a complaint on hold is neither resolved nor closed.
//   - It is resolved once, until a setback: reopened, an answer that disputes the result, or a return visit that finds it unsolved.
//     After a setback plan, solution, result and answer are due again.
//   - The complainant answers a result that has been told. A result-told with initial=true is not yet the result: it is a response.
//   - Escalation goes upwards.
//   - A classification with basis=analysis follows the investigation. Until then class and severity are provisional.
//   - Nothing happens after it is recorded, nor is recorded later than now.
//
// # Facts kept apart
//
// The agent says that the matter is settled (Resolve), the complainant says whether it is (ConfirmResult). Both stand in the history, and
// neither replaces the other. Likewise the severity as reported and the severity after analysis: [Complaint.Changes] has both.
//
// # Order and time
//
// Steps are read in the order in which they happened: by At, then by Seq. A step that is entered late, with an earlier At, is judged at
// its place, and refused if it would put a later step in the wrong.
//
// Attributes such as severity, level and unit are set by entries for which [history.SetsAttributes] holds. When a rule asks for a value it
// looks at the entry itself and then at the attributes of the case. No rule reads personal data: a complainant is named by the field customer (an id), the name belongs in Personal.
//
// # Concurrency and cost
//
// A Complaint is for one goroutine at a time; Rules are only read and may be shared. A step costs what the rules cost, a step entered
// late and Check that times the number of entries.
package complaint
