package triggers_test

import (
	"reflect"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// zeros returns zero values, and results of constructors with zero arguments.
func zeros() []any {
	return []any{
		(*triggers.Listener)(nil), new(triggers.Listener), triggers.NewListener(""),
		(*triggers.Trigger)(nil), new(triggers.Trigger), triggers.NewListener("l").On("", nil, nil),
		(*triggers.Template)(nil), new(triggers.Template), triggers.NewTemplate(""),
		(*triggers.Binding)(nil), new(triggers.Binding), triggers.NewBinding(""),
		(*triggers.Push)(nil), new(triggers.Push), triggers.GitHubPush(), triggers.BitbucketServerPush(),
		(*triggers.PullRequest)(nil), new(triggers.PullRequest), triggers.GitHubPullRequest(), triggers.BitbucketPullRequest(),
		(*triggers.Tag)(nil), new(triggers.Tag), triggers.GitLabTag(),
		(*triggers.Release)(nil), new(triggers.Release), triggers.GitHubRelease(),
		(*triggers.MergeGroup)(nil), new(triggers.MergeGroup), triggers.GitHubMergeGroup(),
		(*triggers.Comment)(nil), new(triggers.Comment), triggers.GitHubComment(),
		(*triggers.Webhook)(nil), new(triggers.Webhook), triggers.AnyEvent(),
		triggers.Interceptor{}, triggers.NewTrigger(""), triggers.Value("", ""), triggers.NewClusterBinding(""),
		(*triggers.Group)(nil), new(triggers.Group), triggers.NewGroup(""),
		(*triggers.InterceptorServer)(nil), new(triggers.InterceptorServer), triggers.NewInterceptor(""),
	}
}

// TestZeroValues calls every method with zero arguments, also on zero values. Nothing
// may panic.
func TestZeroValues(t *testing.T) {
	for _, v := range zeros() {
		t.Run(reflect.TypeOf(v).String(), func(t *testing.T) {
			r := reflect.ValueOf(v)
			for i := range r.NumMethod() {
				for _, variadic := range []bool{false, true} {
					assert.NotPanics(t, func() { callZero(r.Method(i), variadic) }, r.Type().Method(i).Name)
				}
			}
		})
	}
}

// callZero calls a method with zero arguments, with and without a variadic one.
func callZero(m reflect.Value, variadic bool) {
	var args []reflect.Value
	for i := range m.Type().NumIn() {
		in := m.Type().In(i)
		if m.Type().IsVariadic() && i == m.Type().NumIn()-1 {
			if !variadic {
				break
			}
			in = in.Elem()
		}
		args = append(args, reflect.Zero(in))
	}
	m.Call(args)
}

// TestZeroUses passes zero values as arguments.
func TestZeroUses(t *testing.T) {
	for _, v := range zeros() {
		l := triggers.NewListener("l").Secret("a", "b")
		assert.NotPanics(t, func() {
			if e, ok := v.(triggers.Event); ok {
				l.On("e", e, sha(e.Body("x")+e.Slug(e.Body("x"))))
				l.Group("g", e, nil)
			}
			if r, ok := v.(triggers.Resource); ok {
				l.On("r", triggers.GitHubPush(), r, r)
				l.On("t", triggers.GitHubPush(), triggers.NewTemplate("t").Create(r))
			}
			if b, ok := v.(*triggers.Binding); ok {
				l.On("b", triggers.GitHubPush(), sha("x")).Bind(b, b)
			}
			if i, ok := v.(triggers.Interceptor); ok {
				l.On("i", triggers.AnyEvent(), sha("x")).Intercept(i)
			}
			if x, ok := v.(*triggers.Trigger); ok {
				l.Add(x).Inline(x)
			}
			if x, ok := v.(*triggers.Template); ok {
				l.Inline(triggers.NewTrigger("t").Template(x).Bind(triggers.NewBinding("b").Existing()))
			}
			_, _ = l.Objects()
			l.Creates()
			l.Runs()
		}, "%T", v)
	}
}

// TestConcurrent calls Objects of one listener in many goroutines.
func TestConcurrent(t *testing.T) {
	l := triggers.NewListener("hub").Secret("webhook", "token").Namespaces("a").Requests("1", "1Gi")
	template := triggers.NewTemplate("t", "x")
	template.Create(sha(template.Param("x")))
	for name, e := range constructors() {
		l.On(name, e, everything(e)).Repositories("a/*").Filter("true")
		l.On("own-"+name, e, template).Bind(triggers.NewBinding("b").Param("x", "y"))
		l.Group(name, e, map[string]string{"a": "b"})
	}
	l.Add(triggers.NewTrigger("added").Template(template).Bind(triggers.Value("x", "y")).Intercept(github())).
		Inline(triggers.NewTrigger("").Template(noted("").Embed()).Bind(triggers.NewClusterBinding("c").Existing()).Intercept(github().Named("n"))).
		AddGroup(triggers.NewGroup("alone").Select(map[string]string{"a": "b"}).Intercept(github()))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			objects, err := l.Objects()
			assert.NoError(t, err)
			assert.NotEmpty(t, objects)
			l.Creates()
			l.Runs()
		})
	}
	all.Wait()
}

// FuzzListener passes arbitrary texts to all methods. Nothing may panic, and no message
// may contain the mark of a handle.
func FuzzListener(f *testing.F) {
	f.Add("hub", "body.after", "v*")
	f.Add("", "", "")
	f.Add("a b", "a[0", "**/*?")
	f.Add("\xff", "$(tt.params.x)", "'\\")
	f.Add("a\U000F0E0Eb", "\U000F0E0E", "$(\U000F0E0Eev1:x\U000F0E0Ett.params.sha)")
	f.Add("$($(", "header.x", "{apiVersion: v1, kind: '$(tt.params.x)'}")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		push, pr := triggers.GitHubPush().Branches(a, b, c).Paths(c), triggers.GitHubPullRequest().Targets(a).Paths(b).Actions(c).Forks()
		comment, tag := triggers.GitHubComment().Matching(c), triggers.GitLabTag().Names(b, c)
		template := triggers.NewTemplate(a, b).Default(c, a).Raw([]byte(b)).Raw([]byte(c))
		l := triggers.NewListener(a).Secret(b, c).ServiceAccount(c).Namespaces(a, b).Select(map[string]string{a: b}).
			TLS(c).Requests(a, b).Group(a, push, map[string]string{b: c})
		l.On(a, push, run("p-", value{"x", push.Body(b)}, value{"y", push.Header(c)}, value{"z", push.CEL(a, b)}, value{"s", push.Slug(push.Body(c))})).
			Secret(a, b).Repositories(a, b).Authors(c).AuthorIDs(c).Filter(b).ServiceAccount(c).Bind(triggers.NewBinding(a).Param(b, c)).
			Intercept(triggers.ClusterInterceptor(a, map[string]any{b: c})).Intercept(triggers.WebhookInterceptor(c))
		l.On(b, pr, sha(builder.String(c)).Label(a, pr.Branch+builder.String(b))).Token(a, b)
		l.On(c, comment, template.Create(sha(template.Param(b))))
		l.On("t", tag, sha(tag.Slug(builder.String(c)))).Unsigned(a)
		l.Inline(triggers.NewTrigger(a).Template(triggers.NewTemplate(b, c).Describe(c, b).Raw([]byte(b)).Embed()).Bind(triggers.Value(b, c)).ServiceAccount(a).
			Intercept(triggers.WebhookInterceptor(a).Namespace(b).Header(c, a).HeaderList(b, c).Named(a)))
		l.Add(triggers.NewTrigger(b).Named(a).SpecName(c).Label(a, b).Annotate(b, c).Template(triggers.NewTemplate(a).Existing()).Bind(triggers.NewClusterBinding(c).Existing()))
		l.AddGroup(triggers.NewGroup(c).Namespaces(a).Select(map[string]string{b: c}).Intercept(triggers.NamespacedInterceptor(a, map[string]any{b: c})))
		l.CloudEvents(a).LoadBalancerClass(b).Limits(a, c).CustomResource([]byte(c))
		if _, err := triggers.NewInterceptor(a).Service(a, b, 1, c).URL(c).CA([]byte(b)).Label(a, b).Objects(); err != nil && handle.HasMark(err.Error()) {
			t.Errorf("an error keeps a mark: %q", err.Error())
		}
		_, err := l.Objects()
		if err != nil && handle.HasMark(err.Error()) {
			t.Errorf("an error keeps a mark: %q", err.Error())
		}
		l.Creates()
	})
}
