package triggers

import (
	_ "embed"
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed interceptor-param.md
var interceptorParamText string

var interceptorParam = &rule.Rule{
	Code:     "interceptor-param",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     interceptorParamText,
	Kinds:    triggerKinds,
	Run: func(p *rule.Pass) {
		for _, x := range p.Entry.Interceptors() {
			faults := x.Faults()
			for i := range faults {
				faultyParam(p, x, &faults[i])
			}
			if params := x.SoundParams(); params != nil {
				idleParams(p, x, params)
			}
		}
	},
}

// faultyParam reports a param that the interceptor ignores or cannot read.
func faultyParam(p *rule.Pass, x *facts.Interceptor, f *facts.CoreFault) {
	name, of := phrase.Quote(f.Name), " of interceptor "+phrase.Quote(x.Core)
	switch f.Kind {
	case facts.UnknownCoreParam:
		p.Warning(f.Spot, f.Name, "interceptor "+phrase.Quote(x.Core)+" has no param "+name+" and ignores it", phrase.OneOf(f.Name, f.Known)).Misspelled(f.Name, f.Known)
	case facts.CoreParamTwice:
		p.Warning(f.Spot, f.Name, "param "+name+of+" is set twice: the last value is used", "remove one of them", f.First.Related("the first one"))
	case facts.NoCoreValue:
		p.Warning(f.Spot, f.Name, "param "+name+of+" has no value and no effect", "set a value, or remove it")
	case facts.UnknownCoreField:
		p.Warning(f.Spot, f.Field, "param "+name+of+" has no field "+phrase.Quote(f.Field)+", which is ignored", phrase.OneOf(f.Field, f.Known)).Misspelled(f.Field, f.Known)
	case facts.CoreType:
		p.Error(f.Spot, f.Name, "param "+name+of+" must be "+phrase.Type(f.Type)+", not "+phrase.Value(f.Value)+", so every event is rejected", "use "+phrase.Type(f.Type))
	}
}

// idleParams reports params with which the interceptor rejects every event, or
// does nothing. The webhook of Tekton Triggers admits all of them.
func idleParams(p *rule.Pass, x *facts.Interceptor, params *facts.CoreParams) {
	for _, ref := range x.Secrets() {
		const rejected = ", so every event is rejected"
		switch {
		case ref.Name == "":
			p.Error(ref.Spot, ref.Param, ref.Param+" of interceptor "+phrase.Quote(x.Core)+" has no secretName"+rejected, "set secretName and secretKey")
		case ref.Key == "":
			p.Error(ref.Spot, ref.Param, ref.Param+" of interceptor "+phrase.Quote(x.Core)+" has no secretKey for Secret "+phrase.Quote(ref.Name)+rejected, "set secretKey")
		}
	}
	if params.EventTypes != nil && len(params.EventTypes) == 0 {
		p.Error(x.Param("eventTypes"), "eventTypes", "eventTypes is empty, so every event is rejected", "list event types, or remove the param to accept all")
	}
	switch x.Core {
	case "github":
		github(p, x, params)
	case "slack":
		if params.RequestedFields == nil && len(x.Faults()) == 0 {
			p.Error(x.Spot, "requestedFields", "interceptor \"slack\" has no requestedFields, so every event is rejected", "list the fields of the form to keep")
		}
	case "cel":
		if params.Filter == "" && len(params.Overlays) == 0 && len(x.Faults()) == 0 {
			p.Warning(x.Spot, "cel", "this CEL interceptor has neither a filter nor overlays, so it does nothing", "set filter, or remove the interceptor")
		}
	}
}

// github checks the params that only the github interceptor has.
func github(p *rule.Pass, x *facts.Interceptor, params *facts.CoreParams) {
	types, files, owners := params.EventTypes, &params.AddChangedFiles, &params.GithubOwners
	if files.Enabled && types != nil && !slices.Contains(types, "push") && !slices.Contains(types, "pull_request") {
		p.Warning(x.Param("addChangedFiles"), "addChangedFiles", "addChangedFiles has no effect for these event types", "add push or pull_request to eventTypes, or remove it")
	}
	if !owners.Enabled {
		return
	}
	if files.Enabled {
		p.Warning(x.Param("githubOwners"), "githubOwners", "githubOwners is ignored because the same interceptor enables addChangedFiles",
			"split it into two interceptors, with githubOwners in the first")
	}
	checks := []string{"orgMembers", "repoMembers", "all", "none"}
	if owners.CheckType != "" && !slices.Contains(checks, owners.CheckType) {
		p.Warning(x.Param("githubOwners"), "checkType", "githubOwners has the unknown checkType "+phrase.Quote(owners.CheckType)+", so membership is not checked", phrase.OneOf(owners.CheckType, checks)).Misspelled(owners.CheckType, checks)
	}
	if owners.PersonalAccessToken == nil && owners.CheckType != "none" {
		p.Error(x.Param("githubOwners"), "personalAccessToken", "githubOwners has no personalAccessToken, which checkType "+phrase.Quote(owners.CheckType)+" needs",
			"set personalAccessToken, or checkType: none")
	}
}
