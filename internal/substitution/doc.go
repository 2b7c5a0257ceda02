// Package substitution is the table of variable substitution in Tekton Pipelines: for
// each field of each kind, which variables Tekton replaces there, in which order, and
// what an unreplaced variable does.
//
// Rules have no list of fields of their own. They ask [Replaced] whether a variable is
// replaced in a field, [Passed] whether the text is replaced once more where the value
// is used, [Waits] whether a result in it makes the task wait, [Checked] whether the
// webhook rejects an undeclared param there, and [Bare] whether a whole array can be
// passed without [*].
//
// The table is tested in test/oracle: each string of each kind is set to each variable,
// Tekton's code runs, and what it leaves is compared with the table. docs/variables.md
// shows the table.
//
// A field is named by its path from the spec on, without indexes and keys:
// steps.env.value.
package substitution
