// Command mutants puts small defects into the source, one at a time, and requires that a named test notices each.
//
// The defects stand in the checkout's mutants folder, whose README describes the format. A changed file reaches the compiler through an
// overlay, so that the checkout itself is never written to, and several defects are tried at once.
//
// Compiling takes nearly all the time. So the defects that lie within functions share one program, in which the environment chooses one;
// see weave.go. One that does not lie so, or is not noticed there, is compiled alone before anything is said about it.
//
// A mutant passes when
//
//   - its old text occurs exactly once in its file,
//   - its test exists, runs and passes without the defect,
//   - the changed source still compiles, and
//   - the test then starts and fails, panics, or runs far beyond the time it takes without the defect.
//
// Everything else is a failure of the mutant, and of the command, which then exits with status 1. A list that cannot be read, or an
// empty one, is status 2.
package main
