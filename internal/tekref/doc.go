// Package tekref implements the grammar of variables: the $(...) that Tekton
// substitutes in Tasks, Pipelines and runs.
//
// [Scan] finds the variables in a text, and [Parse] parses one. Functions such as
// [ParamOf] and [TaskResultOf] return a [Variable] that Parse returns for the same
// expression. The package does not know whether a variable is allowed in a field, or
// whether its name is declared. The rules check that.
//
// Tekton Triggers has two grammars of its own. In a TriggerTemplate, it substitutes
// $(tt.params.NAME) and $(uid), which Scan finds as well; Parse recognizes the former.
// In a TriggerBinding, $(...) contains a JSONPath. [ScanBinding] finds those, and
// package jsonpath parses them.
package tekref
