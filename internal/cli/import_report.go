package cli

import (
	"cmp"
	"fmt"
	"math"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/bind"
	"github.com/tekwright/tekwright/internal/cli/report"
	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
)

// report prints what became of the manifests, and sets the exit status.
func (i *importing) report(r *imported) error {
	s := r.summary
	i.exit = i.status(&s)
	switch i.format.value {
	case "json":
		return printable.WriteJSON(printable.Hiding(i.Out, i.hidden), s, true)
	case "sarif":
		return i.sarif(r)
	}
	w := importText{Summary: &s, i: i, module: r.module}
	if i.diff {
		text, err := s.Files.Diff(i.shownDir)
		if err != nil {
			return fmt.Errorf("cannot read %s: %w", i.dir, err)
		}
		if text != "" {
			w.diff = "\n" + string(printable.Diff(text))
		}
	}
	w.write()
	return printable.Fprintf(printable.Hiding(i.Out, i.hidden), "%s", printable.Text(w.b.String()))
}

// status returns the exit status.
func (i *importing) status(s *project.Summary) int {
	code := clean
	for _, o := range s.Objects {
		if o.Error {
			code = found
		}
	}
	if len(s.Repeated) > 0 || len(s.Rejected) > 0 || len(s.Dropped) > 0 || len(s.Objects) > 0 && s.Percent() < float64(i.minTyped) {
		code = found
	}
	if len(s.Unread) > 0 || len(s.Objects) == 0 {
		code = failed
	}
	return code
}

// importText is the report as text.
type importText struct {
	*project.Summary
	i      *importing
	module module
	b      strings.Builder
	// rendered says how many kustomizations were rendered.
	rendered string
	// diff shows what an import would change.
	diff string
}

func (w *importText) say(format string, args ...any) {
	w.b.WriteString(printable.Sprintf(format, args...) + "\n")
}

// most is how many lines a part of the report has at most.
const most = 10

// list writes a part of the report.
func (w *importText) list(title string, n int, line func(int) string) {
	if n == 0 {
		return
	}
	w.say("\n%s:", title)
	for k := range min(n, most) {
		w.say("  %s", line(k))
	}
	if n > most {
		w.say("  and %d more; --report json lists all", n-most)
	}
}

func (w *importText) write() {
	w.list("not read, and not imported", len(w.Unread), func(k int) string { return w.Unread[k].String() })
	var missing []project.Object
	for _, o := range w.Objects {
		if o.Error {
			missing = append(missing, o)
		}
	}
	w.list("not in the package", len(missing), func(k int) string {
		o := missing[k]
		return printable.Sprintf("%s: %s %q: %s", o.Place(), o.Kind, o.Name, o.Reason)
	})
	w.list("values that the API server rejects", len(w.Dropped), func(k int) string { return w.Dropped[k].String() })
	w.list("errors of the YAML, which the Go has as well; Set accepts them, so that go test passes", len(w.Mistakes), func(k int) string {
		return w.Mistakes[k].String()
	})
	w.list("errors that Set cannot accept; go test fails because of them", len(w.Rejected), func(k int) string {
		r := w.Rejected[k]
		at := w.i.shownDir(r.Package)
		if r.File != "" {
			at = diag.Position{File: r.File, Line: r.Line, Column: r.Column}.String()
		}
		return printable.Sprintf("%s: %s %q: %s: %s", at, r.Kind, r.Name, r.Code, r.Message)
	})
	w.list("scripts whose inputs go through the environment now", len(w.Hardened), func(k int) string { return pastedInto(w.Hardened[k]) })
	w.scripts()
	w.list("not described by calls", len(w.Reasons), func(k int) string {
		r := w.Reasons[k]
		if r.Field != "" {
			return printable.Sprintf("%4d %s: %s is set by Mutate", r.Count, r.Kind, r.Field)
		}
		return printable.Sprintf("%4d %s: kept as YAML: %s", r.Count, r.Kind, r.Why)
	})
	w.upgraded()
	w.list("Secrets whose values were left out", len(w.Secrets), func(k int) string { return w.Secrets[k] })
	w.list("files in which the value of a Secret became ***", len(w.Repeated), func(k int) string { return w.Repeated[k] })
	w.list("Secrets that are only declared, and not imported", len(w.Declared), func(k int) string { return w.Declared[k] })
	w.kustomizations()
	w.list("Helm charts, which were not imported; render them first", len(w.Charts), func(k int) string {
		return w.Charts[k].Command + " -o " + word(w.i.dir)
	})
	var generated []project.Object
	for _, o := range w.Objects {
		if o.Generated != "" {
			generated = append(generated, o)
		}
	}
	w.list("YAML that a program has made, as a comment says; import what that reads instead", len(generated), func(k int) string {
		return printable.Sprintf("%s: %s %q: %s", generated[k].Place(), generated[k].Kind, generated[k].Name, generated[k].Generated)
	})
	w.list("Tasks that could not be fetched; their inputs are those that their uses show", len(w.NotFetched), func(k int) string { return w.NotFetched[k] })
	w.list("types of tekwright bind that no task has: its reference has changed, or its inputs do not fit; bind the Task again", len(w.Unused), func(k int) string {
		b := w.Unused[k]
		return printable.Sprintf("%s: %s: %s", w.i.shownDir(path.Join(b.Package, b.File)), b.Type, referred(b.Reference))
	})
	w.list("files that were left alone", len(w.Files.Left), func(k int) string {
		return printable.Sprintf("%s: %s", w.i.shownDir(w.Files.Left[k].File), w.Files.Left[k].Why)
	})
	w.b.WriteString(w.diff)
	if w.b.Len() > 0 {
		w.say("")
	}
	if n := len(w.Upgraded); n > 0 {
		w.say("%s of an older API version in the YAML; the Go describes the current one", plural(n, "object"))
	}
	if w.rendered != "" {
		w.say("%s", w.rendered)
	}
	if w.Unchecked != "" {
		w.say("the Go was not type-checked: %s", w.Unchecked)
	}
	if len(w.Objects) == 0 {
		w.say("0 objects; nothing is written")
		return
	}
	w.say("%s; calls set %s %% of %s", plural(len(w.Objects), "object"), percent(w.Percent()), plural(w.Values, "value"))
	verb := "written"
	if w.i.dryRun {
		verb = "to write"
	}
	w.say("%s: %s %s, %d removed, %d unchanged", w.i.dir, plural(len(w.Files.Write), "file"), verb, len(w.Files.Remove), w.Files.Same)
	w.next()
}

// upgraded shows what the upgrade of objects leaves to do.
func (w *importText) upgraded() {
	var some []project.Upgrade
	for _, u := range w.Upgraded {
		if len(u.Dropped)+len(u.ToDo) > 0 {
			some = append(some, u)
		}
	}
	w.list("upgraded to the current API version, with a loss", len(some), func(k int) string {
		u := some[k]
		var all []string
		for _, f := range u.Dropped {
			all = append(all, f+" is dropped")
		}
		return printable.Sprintf("%s:%d: %s %q: %s", u.File, u.Line, u.Kind, u.Name, strings.Join(append(all, u.ToDo...), "; "))
	})
}

// kustomizations shows which kustomizations the objects are from, and which were not rendered.
func (w *importText) kustomizations() {
	var failed []project.Kustomization
	n := 0
	for _, k := range w.Kustomizations {
		if k.Rendered {
			n++
		}
		if k.Why != "" {
			failed = append(failed, k)
		}
	}
	w.list("kustomizations that were not rendered, or only in part", len(failed), func(k int) string {
		return failed[k].File + ": " + failed[k].Why
	})
	w.list("used as a base by kustomizations; the package has what these make of them", len(w.Bases), func(k int) string {
		b := w.Bases[k]
		return printable.Sprintf("%s:%d: %s %q: used as a base by %s", b.File, b.Line, b.Kind, b.Name, some(b.By))
	})
	if n > 0 {
		w.rendered = plural(n, "kustomization") + " rendered; the Go describes the objects that result"
	}
}

// percent returns a percentage with one digit. Only all is 100.
func percent(p float64) string {
	if p == 100 {
		return "100"
	}
	return fmt.Sprintf("%.1f", math.Floor(p*10)/10)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// worst is how many scripts the report shows.
const worst = 3

// scripts shows the scripts to look at first.
func (w *importText) scripts() {
	if len(w.Scripts) == 0 {
		return
	}
	w.say("\nscripts that inputs are pasted into, the worst first:")
	if !w.Scripts[0].Event && !w.Scripts[0].Secret {
		w.say("  no stranger's event and no Secret is seen to reach them; those with the most inputs come first")
	}
	for _, s := range w.Scripts[:min(len(w.Scripts), worst)] {
		why := ""
		switch {
		case s.Event && s.Secret:
			why = ", from an event; one sounds like a password"
		case s.Event:
			why = ", from an event"
		case s.Secret:
			why = "; one sounds like a password"
		}
		w.say("  %s%s", pastedInto(s), why)
	}
	if n := len(w.Scripts) - worst; n > 0 {
		w.say("  and %d more; --report json lists all", n)
	}
}

// referred returns what pipelines refer to a Task by, as tekwright bind takes it.
func referred(reference string) string {
	ref, ok := project.ParseReference(reference)
	if !ok {
		return reference
	}
	if address := bind.AddressOf(ref.Resolver, ref.Params); address != "" {
		return address
	}
	return cmp.Or(ref.Name, reference)
}

// pastedInto names a script and its inputs.
func pastedInto(s project.Script) string {
	return printable.Sprintf("%s:%d: %s %q: %s", s.File, s.Line, s.Kind, s.Name, strings.Join(s.Inputs, ", "))
}

// next says what to do next.
func (w *importText) next() {
	if w.i.dryRun || len(w.Files.Write) == 0 {
		return
	}
	proved := "the Go describes the YAML"
	if len(w.Rejected) > 0 {
		proved = "fails until the errors above are fixed in the YAML and in the Go"
	}
	writes := "writes the manifests"
	if slices.ContainsFunc(w.Objects, func(o project.Object) bool { return path.Base(path.Dir(o.At.File)) == ".tekton" }) {
		writes = "writes the manifests, and the runs to .tekton: delete the files of the same runs there"
	}
	w.say("\nnext:")
	dir := word(filepath.ToSlash(w.i.dir))
	if w.module.file == "" {
		w.say("  cd %s", dir)
		w.say("  go mod init %s", w.module.importPath)
		w.say("  go get %s", libraryAt())
		w.say("  go mod tidy")
		w.say("  go test ./...      # %s", proved)
		w.say("  go generate ./...  # %s", writes)
		return
	}
	if w.Unchecked != "" {
		w.say("  go get %s", libraryAt())
		w.say("  go mod tidy")
	}
	if !strings.HasPrefix(dir, "/") && !strings.HasPrefix(dir, ".") && !strings.HasPrefix(dir, "'") {
		dir = "./" + dir
	}
	w.say("  go test %s/...      # %s", dir, proved)
	w.say("  go generate %s/...  # %s", dir, writes)
}

// word returns a text as one word of a shell.
func word(text string) string {
	if plainWord.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./+:@%-]+$`)

// sarif prints what is not described by calls, and pasted scripts, as findings.
func (i *importing) sarif(r *imported) error {
	var list diag.Findings
	add := func(code string, severity diag.Severity, at diag.Position, ref diag.ObjectRef, message string) {
		list = append(list, diag.Finding{Code: code, Severity: severity, Position: at, Object: ref, Message: message, Subject: ref.Name})
	}
	for _, o := range r.summary.Objects {
		ref := diag.ObjectRef{Kind: o.Kind, Name: o.Name, Namespace: o.Namespace}
		for _, h := range o.Hatches {
			add("import-mutate", diag.Note, o.At, ref, "no call sets "+h.Path+"; the package sets it by Mutate")
		}
		switch {
		case o.Error:
			add("import-missing", diag.Error, o.At, ref, "the package does not have the object: "+o.Reason)
		case o.Step == project.StepYAML:
			add("import-yaml", diag.Note, o.At, ref, "the package keeps the object as YAML: "+o.Reason)
		}
	}
	for _, s := range r.summary.Scripts {
		severity := diag.Note
		if s.Event || s.Secret {
			severity = diag.Warning
		}
		add("import-pasted", severity, s.At, diag.ObjectRef{Kind: s.Kind, Name: s.Name}, "inputs are pasted into the script: "+strings.Join(s.Inputs, ", "))
	}
	list = append(list, r.sources.Unread...)
	list.Sort()
	out := report.Report{
		Findings: list, Texts: r.sources.Loaded.Texts, Secrets: r.sources.Loaded.Secrets, Hide: i.hidden, Objects: len(r.summary.Objects),
		Files: r.sources.Loaded.Files, Unread: len(r.sources.Unread), Version: version(),
	}
	for k := range r.sources.Documents {
		out.Set = append(out.Set, r.sources.Documents[k].Object)
	}
	return report.Write(i.Out, "sarif", out, report.Style{})
}
