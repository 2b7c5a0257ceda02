package pac

import (
	_ "embed"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/pacmatch"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-repository-invalid.md
var repositoryInvalidText string

// repositoryInvalid reports mistakes in Repository objects of Pipelines-as-Code.
var repositoryInvalid = &rule.Rule{
	Code:     "pac-repository-invalid",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     repositoryInvalidText,
	Kinds:    []string{"Repository"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		if !strings.HasPrefix(p.Entry.Ref.APIVersion, pac.Prefix) {
			return
		}
		text, err := json.Marshal(p.Entry.Object.Object)
		if err != nil {
			return
		}
		var r repository
		if json.Unmarshal(text, &r) != nil {
			return
		}
		if strings.HasSuffix(strings.TrimSuffix(r.Spec.URL, "/"), ".git") {
			p.Report(p.At("spec", "url"), "the URL of the Repository ends with .git, so no event matches it: events have the URL of the web page", "remove .git")
		}
		fields(p, text)
		for i, param := range r.Spec.Params {
			if param.Filter == "" {
				continue
			}
			at := p.At("spec").Index("params", i).Field("filter")
			switch err := celenv.Template(param.Filter); {
			case err != nil:
				p.Report(at, "the filter of param "+phrase.Quote(param.Name)+" cannot be compiled, so no variable of the folder is replaced: "+err.Error(), "correct the expression")
			case comparesEvent.MatchString(param.Filter):
				p.Report(at, "the filter of param "+phrase.Quote(param.Name)+" compares event, which is always empty in filters", "use event_type")
			default:
				unguarded(p, at, r.Spec.Params[i].Name, param.Filter)
			}
		}
		for i, rule := range r.Spec.Incoming {
			if len(rule.Targets) == 0 {
				p.Report(p.At("spec").Index("incoming", i), "the incoming rule has no targets, so it matches no branch", "add the branches in targets")
			}
		}
	},
}

// repository is what the rule uses of a Repository.
type repository struct {
	Spec struct {
		URL    string `json:"url"`
		Params []struct {
			Name   string `json:"name"`
			Filter string `json:"filter"`
		} `json:"params"`
		Incoming []struct {
			Targets []string `json:"targets"`
		} `json:"incoming"`
	} `json:"spec"`
}

// comparesEvent matches a comparison of the variable event with a text.
var comparesEvent = regexp.MustCompile(`(^|[^.\w"'])event\s*==\s*["']`)

// camel are the fields that are written with underscores, by how they may be misspelled.
var camel = map[string]string{
	"gitProvider": "git_provider", "concurrencyLimit": "concurrency_limit", "webhookSecret": "webhook_secret",
	"secretRef": "secret_ref", "incomings": "incoming", "pipelinerunProvenance": "pipelinerun_provenance",
}

// fields reports fields of the spec, and of the items of lists in it, that do not exist.
func fields(p *rule.Pass, text []byte) {
	var object struct {
		Spec map[string]any `json:"spec"`
	}
	if json.Unmarshal(text, &object) != nil {
		return
	}
	var visit func(at rule.Spot, v any)
	visit = func(at rule.Spot, v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				if meant := camel[name]; meant != "" {
					p.Report(at.Field(name), "a Repository has no field "+phrase.Quote(name)+", and the cluster drops it", "write "+phrase.Quote(meant))
				} else {
					visit(at.Field(name), v[name])
				}
			}
		case []any:
			for i, x := range v {
				visit(at.Item(i), x)
			}
		}
	}
	visit(p.At("spec"), object.Spec)
}

// unguarded reports a filter that reads what the payloads of some events do not have.
func unguarded(p *rule.Pass, at rule.Spot, name, filter string) {
	all, failing := starts{}, starts{}
	for _, r := range p.Set.PacRepositories() {
		if r.Entry != p.Entry {
			continue
		}
		for _, provider := range pacmatch.Providers {
			if known := r.Provider(); known != "" && known != provider {
				continue
			}
			if kinds, other := pacmatch.FilterFails(filter, provider); !other {
				all[provider], failing[provider] = pacmatch.OfPayload, kinds
			}
		}
	}
	if kinds := lacking(all, failing); len(kinds) > 0 {
		p.Error(at, filter, "the filter of param "+phrase.Quote(name)+" has an error for "+phrase.Or(names(kinds))+", whose payload does not have what it reads: no variable of the folder is replaced then",
			"test it first, as in has(body.pull_request) && …, or compare pac.event_type first")
	}
}
