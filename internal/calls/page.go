package calls

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Page returns the tables as a page of Markdown: for each kind, the fields by the calls that set
// them.
func Page() string {
	var b strings.Builder
	b.WriteString(`# What becomes what

The call of the library that sets each field of Tekton's types. The importer translates YAML
with these calls. ` + "`Name.Call`" + ` is a method, and a call without a name before it is a function or
an option of the package. A field without a call is set by a ` + "`Mutate`" + ` function of the smallest
part that has one, so that nothing is lost.

This page is written by ` + "`TEKWRIGHT_UPDATE='*' go test ./internal/calls`" + `.
`)
	for _, kind := range []struct{ name, pkg string }{
		{"Task", "builder"}, {"StepAction", "builder"}, {"Pipeline", "builder"}, {"PipelineRun", "builder"}, {"TaskRun", "builder"},
		{"EventListener", "triggers"}, {"Trigger", "triggers"}, {"TriggerTemplate", "triggers"}, {"TriggerBinding", "triggers"},
		{"ClusterTriggerBinding", "triggers"}, {"ClusterInterceptor", "triggers"}, {"Interceptor", "triggers"},
	} {
		table := Builder
		if kind.pkg == "triggers" {
			table = Triggers
		}
		fmt.Fprintf(&b, "\n## %s\n\nPackage `%s`.\n", kind.name, kind.pkg)
		section(&b, kind.name, table)
	}
	return b.String()
}

// alike are parts with the calls of another part of the same kind, but for words in them.
var alike = []struct{ part, of, word, instead string }{
	{"Task.spec.stepTemplate.", "Task.spec.steps[].", "Step", "Step"},
	{"Task.spec.sidecars[].", "Task.spec.steps[].", "Step", "Sidecar"},
	{"StepAction.spec.", "Task.spec.steps[].", "Step", "StepAction"},
	{"Pipeline.spec.finally[].", "Pipeline.spec.tasks[].", "PipelineTask", "FinallyTask"},
	{"TaskRun.spec.", "PipelineRun.spec.", "PipelineRun", "TaskRun"},
	{"Trigger.spec.", "EventListener.spec.triggers[].", "Trigger", "Trigger"},
	{"EventListener.spec.triggerGroups[].", "EventListener.spec.triggers[].", "Trigger", "Trigger"},
}

// section writes the table of a kind: a row for each call, and a line for the fields without
// one. Fields that another part has as well are left out.
func section(b *strings.Builder, kind string, table map[string]string) {
	fields := map[string][]string{} // by call
	for _, key := range slices.Sorted(maps.Keys(table)) {
		path, ok := strings.CutPrefix(key, kind+".")
		if ok && !repeated(table, key) {
			fields[table[key]] = append(fields[table[key]], path)
		}
	}
	type row struct{ fields, call string }
	var rows []row
	var none []string
	for _, call := range slices.Sorted(maps.Keys(fields)) {
		if why, ok := strings.CutPrefix(call, "Mutate"); ok {
			none = append(none, "- Without a call"+strings.Replace(why, ", because", " because", 1)+": "+compact(fields[call]))
			continue
		}
		rows = append(rows, row{compact(fields[call]), "`" + strings.ReplaceAll(call, ", ", "`, `") + "`"})
	}
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.fields, b.fields) })
	b.WriteString("\n| field | Go |\n|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(b, "| %s | %s |\n", r.fields, r.call)
	}
	b.WriteByte('\n')
	for _, a := range alike {
		if !strings.HasPrefix(a.part, kind+".") {
			continue
		}
		fmt.Fprintf(b, "- All other fields of `%s` are as in `%s`", strings.Trim(strings.TrimPrefix(a.part, kind), "."), strings.Trim(strings.TrimPrefix(a.of, kind), "."))
		if a.word != a.instead {
			fmt.Fprintf(b, ", with `%s` for `%s`", a.instead, a.word)
		}
		b.WriteString(".\n")
	}
	for _, line := range none {
		b.WriteString(line + "\n")
	}
}

// repeated reports whether the part of another one says what sets a field.
func repeated(table map[string]string, key string) bool {
	for _, a := range alike {
		rest, ok := strings.CutPrefix(key, a.part)
		if !ok {
			continue
		}
		call, ok := table[a.of+rest]
		if ok && words(call, a.word, a.instead) == table[key] {
			return true
		}
	}
	return false
}

// words replaces the name of a type in a list of calls.
func words(calls, word, instead string) string {
	list := strings.Split(calls, ", ")
	for i, c := range list {
		if rest, ok := strings.CutPrefix(c, word+"."); ok {
			list[i] = instead + "." + rest
		}
	}
	return strings.Join(list, ", ")
}

// compact joins fields: those of one part are written together, as in
// env[].valueFrom.secretKeyRef.{key,name}.
func compact(fields []string) string {
	var order []string
	groups := map[string][]string{}
	for _, f := range fields {
		parent := ""
		if i := strings.LastIndexByte(f, '.'); i >= 0 {
			parent = f[:i+1]
		}
		if groups[parent] == nil {
			order = append(order, parent)
		}
		groups[parent] = append(groups[parent], f[len(parent):])
	}
	var out []string
	for _, parent := range order {
		g := groups[parent]
		switch {
		case parent == "":
			for _, name := range g {
				out = append(out, "`"+name+"`")
			}
		case len(g) == 1:
			out = append(out, "`"+parent+g[0]+"`")
		default:
			out = append(out, "`"+parent+"{"+strings.Join(g, ",")+"}`")
		}
	}
	return strings.Join(out, ", ")
}
