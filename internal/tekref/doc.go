// Package tekref is the grammar of variables: the $(...) that Tekton
// substitutes in the texts of Tasks, Pipelines and runs.
//
// [Scan] finds them in a text, [Parse] reads one, and functions such as
// [ParamOf] and [TaskResultOf] write one. What they write, Parse reads as the
// same [Variable]. Whether a variable is allowed in a field, and whether
// anything of that name is declared, is not a matter of grammar, and is left to
// the rules.
//
// Tekton Triggers has two grammars of its own. In a TriggerTemplate it
// substitutes $(tt.params.NAME) and $(uid), which Scan and Parse read as well.
// In a TriggerBinding a $(...) has a JSONPath; [ScanBinding] finds those, and
// package jsonpath reads the path.
package tekref
