package facts_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/object"
)

// interceptor returns an interceptor with one param in JSON.
func interceptor(name, param, value string) *v1beta1.TriggerInterceptor {
	x := &v1beta1.TriggerInterceptor{Ref: v1beta1.InterceptorRef{Name: name}}
	if param != "" {
		x.Params = []v1beta1.InterceptorParams{{Name: param, Value: apiextensionsv1.JSON{Raw: []byte(value)}}}
	}
	return x
}

// listening returns a set with a listener, its trigger and the run of its template.
func listening(t *testing.T, chain []*v1beta1.TriggerInterceptor, bindings map[string]string) (*facts.Trigger, *facts.Entry) {
	t.Helper()
	template := "run"
	trigger := v1beta1.EventListenerTrigger{Name: "t", Interceptors: chain, Template: &v1beta1.EventListenerTemplate{Ref: &template}}
	for name, value := range bindings {
		trigger.Bindings = append(trigger.Bindings, &v1beta1.TriggerSpecBinding{Name: name, Value: &value})
	}
	set := facts.New([]object.Object{
		{Object: &v1beta1.EventListener{
			TypeMeta: metav1.TypeMeta{APIVersion: "triggers.tekton.dev/v1beta1", Kind: "EventListener"}, ObjectMeta: metav1.ObjectMeta{Name: "hub"},
			Spec: v1beta1.EventListenerSpec{Triggers: []v1beta1.EventListenerTrigger{trigger}},
		}},
		{Object: &v1beta1.TriggerTemplate{
			TypeMeta: metav1.TypeMeta{APIVersion: "triggers.tekton.dev/v1beta1", Kind: "TriggerTemplate"}, ObjectMeta: metav1.ObjectMeta{Name: template},
			Spec: v1beta1.TriggerTemplateSpec{ResourceTemplates: []v1beta1.TriggerResourceTemplate{{RawExtension: runtime.RawExtension{
				Raw: []byte(`{"apiVersion":"tekton.dev/v1","kind":"PipelineRun","metadata":{"generateName":"r-"},"spec":{"pipelineRef":{"name":"p"}}}`),
			}}}},
		}},
	})
	var run *facts.Entry
	for _, e := range set.All() {
		if e.Run != nil {
			run = e
		}
	}
	require.NotNil(t, run)
	return set.Entries()[0].Triggers()[0], run
}

// TestStartedBy asks who starts a run.
func TestStartedBy(t *testing.T) {
	type chain = []*v1beta1.TriggerInterceptor
	pull, comment := []string{"anyone who can open a pull request"}, []string{"anyone who can comment"}
	for name, c := range map[string]struct {
		chain    chain
		bindings map[string]string
		does     []string
		members  bool
	}{
		"a push":        {chain{interceptor("github", "eventTypes", `["push"]`)}, nil, nil, true},
		"pull requests": {chain{interceptor("github", "eventTypes", `["push","pull_request"]`)}, nil, pull, true},
		"comments":      {chain{interceptor("github", "eventTypes", `["issue_comment"]`)}, nil, comment, false},
		"merged":        {chain{interceptor("bitbucket", "eventTypes", `["pullrequest:fulfilled"]`)}, nil, nil, true},
		"both must allow it": {chain{interceptor("github", "eventTypes", `["issue_comment","push"]`),
			interceptor("cel", "filter", `"header.match('X-GitHub-Event', 'push')"`)}, nil, nil, true},
		"members": {chain{interceptor("github", "eventTypes", `["pull_request"]`),
			interceptor("cel", "filter", `"body.pull_request.author_association == 'MEMBER'"`)}, nil, nil, false},
		"any event":              {nil, nil, nil, false},
		"a filter for pulls":     {chain{interceptor("cel", "filter", `"has(body.pull_request) && body.action == 'opened'"`)}, nil, pull, false},
		"a filter for others":    {chain{interceptor("cel", "filter", `"!has(body.pull_request)"`)}, nil, nil, false},
		"any event, of a pull":   {nil, map[string]string{"sha": "$(body.pull_request.head.sha)"}, pull, false},
		"somebody's":             {chain{interceptor("ours", "", "")}, map[string]string{"sha": "$(body.pull_request.head.sha)"}, nil, false},
		"params of a wrong type": {chain{interceptor("github", "eventTypes", `"pull_request"`)}, nil, nil, false},
	} {
		trigger, run := listening(t, c.chain, c.bindings)
		var does []string
		for _, s := range trigger.Strangers() {
			does = append(does, s.Does)
		}
		assert.Equal(t, c.does, does, name)
		who, stranger := run.StartedBy()
		assert.Equal(t, facts.Senders{Strangers: c.does != nil, Members: c.members}, who, name)
		if who.Strangers {
			assert.Same(t, trigger, stranger, name)
		} else {
			assert.Nil(t, stranger, name)
		}
		who, _ = run.Root().StartedBy()
		assert.Equal(t, facts.Senders{Members: true}, who, "%s: an object of the set", name)
	}
}

// TestStrangerValues follows values from the event to the params of the template.
func TestStrangerValues(t *testing.T) {
	filter := func(expr string) []*v1beta1.TriggerInterceptor {
		return []*v1beta1.TriggerInterceptor{interceptor("cel", "filter", `"`+expr+`"`)}
	}
	overlay := func(expr string) []*v1beta1.TriggerInterceptor {
		return []*v1beta1.TriggerInterceptor{interceptor("cel", "overlays", `[{"key":"x","expression":"`+expr+`"}]`)}
	}
	types := func(names ...string) []*v1beta1.TriggerInterceptor {
		return []*v1beta1.TriggerInterceptor{interceptor("github", "eventTypes", `["`+strings.Join(names, `","`)+`"]`)}
	}
	for name, c := range map[string]struct {
		chain []*v1beta1.TriggerInterceptor
		value string
		path  string // "" if the stranger does not determine the param
	}{
		"a title":                   {nil, "$(body.pull_request.title)", "body.pull_request.title"},
		"part of a value":           {nil, "pr: $(body.pull_request.title)!", "body.pull_request.title"},
		"the base":                  {nil, "$(body.pull_request.base.sha)", ""},
		"one of some":               {filter("body.pull_request.title in ['a', 'b']"), "$(body.pull_request.title)", ""},
		"not one of some":           {filter("!(body.pull_request.title in ['a', 'b'])"), "$(body.pull_request.title)", "body.pull_request.title"},
		"a narrow pattern":          {filter("body.pull_request.title.matches('^[a-z]+$')"), "$(body.pull_request.title)", ""},
		"a wildcard":                {filter("body.pull_request.title.matches('^a.*$')"), "$(body.pull_request.title)", "body.pull_request.title"},
		"a class of others":         {filter("body.pull_request.title.matches('^[^a]*$')"), "$(body.pull_request.title)", "body.pull_request.title"},
		"an alternative":            {filter("body.pull_request.title.matches('^a|b$')"), "$(body.pull_request.title)", "body.pull_request.title"},
		"an escaped dot":            {filter(`body.pull_request.title.matches('^v[0-9]+\\\\.[0-9]+$')`), "$(body.pull_request.title)", ""},
		"an escaped class":          {filter(`body.pull_request.title.matches('^\\\\S+$')`), "$(body.pull_request.title)", "body.pull_request.title"},
		"a dot in a class":          {filter("body.pull_request.title.matches('^[a-z.]+$')"), "$(body.pull_request.title)", ""},
		"an overlay":                {overlay("body.pull_request.head.ref.trim()"), "$(extensions.x)", "body.pull_request.head.ref"},
		"one of some, or another":   {filter("body.pull_request.title == 'a' || body.action == 'opened'"), "$(body.pull_request.title)", "body.pull_request.title"},
		"one of two":                {filter("body.pull_request.title == 'a' || body.pull_request.title.matches('^b+$')"), "$(body.pull_request.title)", ""},
		"a narrow pattern, or none": {filter("!body.pull_request.title.matches('^[a-z]+$')"), "$(body.pull_request.title)", "body.pull_request.title"},
		"a prefix":                  {filter("body.pull_request.title.startsWith('fix')"), "$(body.pull_request.title)", "body.pull_request.title"},
		"a number in an overlay":    {overlay("'refs/pull/' + string(int(body.number)) + '/head'"), "$(extensions.x)", "body.number"},
		"a joined overlay":          {overlay("['refs/pull', string(int(body.number)), 'head'].join('/')"), "$(extensions.x)", "body.number"},
		"a field of an overlay":     {overlay("{'sha': body.pull_request.head.sha, 'a': 'b'}"), "$(extensions.x.sha)", "body.pull_request.head.sha"},
		"a field of a field":        {overlay("{'pr': {'head': body.pull_request.head}}"), "$(extensions.x.pr.head.sha)", "body.pull_request.head.sha"},
		"another field":             {overlay("{'sha': body.pull_request.head.sha, 'a': 'b'}"), "$(extensions.x.a)", ""},
		"a field that there is not": {overlay("{'sha': body.pull_request.head.sha}"), "$(extensions.x.b)", ""},
		"an iid":                    {nil, "refs/merge-requests/$(body.object_attributes.iid)/head", "body.object_attributes.iid"},
		"an iid of a comment":       {nil, "refs/merge-requests/$(body.merge_request.iid)/head", "body.merge_request.iid"},
		"an id":                     {nil, "refs/pull-requests/$(body.pullRequest.id)/from", "body.pullRequest.id"},
		"after, of any event":       {nil, "$(body.after)", ""},
		"after, of a push":          {types("push"), "$(body.after)", ""},
		"after":                     {types("pull_request"), "$(body.after)", "body.after"},
		"after, of both":            {types("push", "pull_request"), "$(body.after)", "body.after"},
		"after, of new commits":     {append(types("pull_request"), filter("body.action in ['opened', 'synchronize']")...), "$(body.after)", "body.after"},
		"after, when it is opened":  {append(types("pull_request"), filter("body.action == 'opened'")...), "$(body.after)", ""},
		"an unknown overlay":        {overlay("body.pull_request.head.ref"), "$(extensions.y)", ""},
	} {
		trigger, _ := listening(t, c.chain, map[string]string{"p": c.value})
		path := ""
		for _, v := range trigger.StrangerValues() {
			assert.Equal(t, "p", v.Param, name)
			path = v.Path
		}
		assert.Equal(t, c.path, path, name)
	}
}

// TestNarrow asks which patterns leave room for text of somebody's choice.
func TestNarrow(t *testing.T) {
	for pattern, want := range map[string]string{
		"^[a-z.]+$": "", "^[.a-z]+$": "", "^[a-z|]+$": "", "^[(?]$": "", "^[].]+$": "", `^[\\\\].]+$`: "", "^[[:alpha:].]+$": "", "^[a-zA-Z0-9._/-]+$": "",
		"^(a|b)$": "", "^(?:a|b)$": "", "^a$|^b$": "", "^[.]$": "", `^[\\\\w.-]{1,20}$`: "", "(^v[0-9.]+$)": "", "(?i)^[a-z.]+$": "", "^$": "",
		"^a.b$": "wide", "^[.].$": "wide", "^[a-z].*[.]$": "wide", "^a|b$": "wide", "^(a|.)$": "wide", "(^a|b)$": "wide", "[a-z.]+": "wide", "^[a-z.]+": "wide",
		"[a-z.]+$": "wide", "^[^.]+$": "wide", "^[^$`]+$": "wide", "^[ -~]+$": "wide", "^[.$a]+$": "wide", "^[.`a]+$": "wide", "(?m)^[a-z.]+$": "wide",
		"(?s)^.$": "wide", `^[\\\\S.]+$`: "wide", `^\\\\W$`: "wide", "^[[:print:]]+$": "wide", "^[[:^alpha:]]+$": "wide", `^\\\\PL+$`: "wide",
	} {
		trigger, _ := listening(t, []*v1beta1.TriggerInterceptor{interceptor("cel", "filter", `"body.pull_request.title.matches('`+pattern+`')"`)},
			map[string]string{"p": "$(body.pull_request.title)"})
		got := ""
		if len(trigger.StrangerValues()) > 0 {
			got = "wide"
		}
		assert.Equal(t, want, got, pattern)
	}
}
