package pac

import (
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// celenvNames are the names that expressions of Pipelines-as-Code already have.
var celenvNames = append([]string{"pac", "body", "headers", "files"}, celenv.TemplateVariables...)

// filter reports a filter of a param that does not work. One that fails for an event leaves
// all variables of the folder as they are.
func (l *repositoryLowering) filter(at callsite.Place, p v1alpha1.Param) {
	if err := celenv.Template(p.Filter); err != nil {
		l.fail(at, "cel-invalid", "the filter of param "+quoted(p.Name)+" is not valid: "+phrase.OneLine(err), "use the variables of pac, body and files")
		return
	}
	bare := literals.ReplaceAllString(p.Filter, `""`)
	for _, m := range bodyField.FindAllStringSubmatch(bare, -1) {
		if !strings.Contains(bare, "has(body."+m[1]) {
			l.fail(at, "cel-invalid", "the filter of param "+quoted(p.Name)+" reads body."+m[1]+", and fails for events without it: then no variable of any run is replaced",
				"add has(body."+m[1]+") && before it")
			return
		}
	}
	if eventCompared.MatchString(strings.ReplaceAll(p.Filter, "pac.event", "event")) {
		l.fail(at, "cel-invalid", "the filter of param "+quoted(p.Name)+" compares event, which is always empty in a filter", `compare event_type: event_type == "push"`)
	}
}

// param describes a param of the Repository as a value of a run.
func (l *lowering) param(tok handle.Token, f *field, report func(code, message, help string) *mistake) {
	if l.repository == nil || l.repository.owner.ID != tok.Owner.ID {
		report("handle-foreign", "the run uses "+quoted(tok.Text())+", a param of "+tok.Owner.Name, "make the run with the method Run of that Repository")
		return
	}
	secret, filtered, odd := false, false, false
	for _, p := range l.repository.params {
		if p.value.Name == tok.Expr {
			secret = secret || p.value.SecretRef != nil
			filtered = filtered || p.value.Filter != ""
			odd = odd || strings.ContainsFunc(p.value.Value, func(r rune) bool { return !isRefSafe(r) && r != ':' && r != '@' })
		}
	}
	if secret {
		report("pac-secret-shown", "the run uses "+quoted(tok.Text())+", the value of a Secret, which everybody can read who can read the run",
			"mount the Secret in the task: bind a workspace to it, or pass its name").Severity = diag.Warning
	}
	if secret || filtered || odd {
		f.cel, f.chars = "pac."+tok.Expr, free
	}
}
