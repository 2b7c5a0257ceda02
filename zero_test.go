package tekwright_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/config"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/generate"
	"github.com/tekwright/tekwright/pkg/graph"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/rule"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/tasktest"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// action is a StepAction.
type action struct{}

func (action) StepActionName() string                     { return "a" }
func (action) Define(a *builder.StepAction) *builder.Step { return a.Step() }

// exported are a pointer to each exported type of the library that is not an
// interface or an alias, and each exported function, by package. Generic ones are
// instantiated with a type of the catalogue.
var exported = map[string][]any{
	"builder": {
		new(builder.Array), new(builder.ArrayResult), new(builder.Definition), new(builder.StepActionDefinition), new(builder.Description),
		new(builder.EventField), new(builder.FinallyMatrix[tasks.GitClone, tasks.Cloned]), new(builder.FinallyTask[tasks.Cloned]),
		new(builder.Matrix[tasks.GitClone, tasks.Cloned]), new(builder.Mount), new(builder.Object), new(builder.ObjectResult),
		new(builder.Parts), new(builder.Permission), new(builder.Pipeline), new(builder.PipelineRun),
		new(builder.PipelineTask), new(builder.Reason), new(builder.Resolver), new(builder.Result), new(builder.Sidecar),
		new(builder.Status), new(builder.StatusWhen), new(builder.Step), new(builder.StepAction), new(builder.StepArrayResult),
		new(builder.StepObjectResult), new(builder.StepResult),
		new(builder.StepWhen), new(builder.String), new(builder.Task), new(builder.TaskArray), new(builder.TaskObject),
		new(builder.TaskRun), new(builder.TaskRunSpec), new(builder.TaskStatus), new(builder.TaskString),
		new(builder.Timeouts), new(builder.Volume), new(builder.When), new(builder.Workspace), new(builder.WorkspaceBinding),
		builder.AddFinallyMatrix[tasks.GitClone], builder.AddFinally[tasks.GitClone], builder.AddMatrix[tasks.GitClone], builder.AddSharedStep[tasks.GitClone], builder.AddStepAction[action], builder.AddSteps[tasks.GitClone], builder.Axis,
		builder.Add[tasks.GitClone], builder.Bundle, builder.CEL, builder.CELString, builder.Cluster, builder.Concurrent, builder.Default,
		builder.DefaultArray, builder.DefaultObject, builder.Define[tasks.GitClone], builder.DefineStepAction[action], builder.Describe, builder.Each, builder.Enum,
		builder.ExistingPipeline, builder.RemotePipeline, builder.NewResolver, builder.FromStep, builder.Git, builder.HTTP, builder.Hub, builder.MountPath, builder.NewPipeline, builder.NewWorkspace,
		builder.Item, builder.Medium, builder.Mode, builder.MutateMount, builder.ObjectOf, builder.Optional, builder.ReadOnly, builder.RunTask[tasks.GitClone],
		builder.SizeLimit, builder.StepCEL, builder.StepCELString, builder.Strings, builder.SubPath, builder.TaskObjectOf, builder.TaskStrings,
	},
	"check": {
		check.RunLoaded, check.RunRules, check.Graph, check.Lookup, check.OtherCodes, check.ProfileNamed, check.ProfileNames, check.ProfileWarnings, check.ReadProfile, check.Rules,
		check.Run, check.Suppress, check.Topics, check.ValidateProfile,
	},
	"cluster": {
		new(cluster.Action), new(cluster.AlreadyExistsError), new(cluster.ApplyOptions), new(cluster.Attempt),
		new(cluster.CancelMode), new(cluster.Cause), new(cluster.Change), new(cluster.Client), new(cluster.Conflict),
		new(cluster.ConflictError), new(cluster.EndedError), new(cluster.Event), new(cluster.EventType),
		new(cluster.FollowOptions), new(cluster.ForbiddenError), new(cluster.LogOptions), new(cluster.NotFoundError),
		new(cluster.NotKubernetesError), new(cluster.NotServedError), new(cluster.Options), new(cluster.Outcome), new(cluster.Reason),
		new(cluster.RejectedError), new(cluster.Result), new(cluster.Run), new(cluster.RunError), new(cluster.RunStatus),
		new(cluster.Screen), new(cluster.StartOptions), new(cluster.State), new(cluster.Status), new(cluster.StepStatus),
		new(cluster.TaskFailure), new(cluster.TaskStatus), new(cluster.Timeout), new(cluster.Tree),
		new(cluster.UnreachableError), new(cluster.Versions), cluster.New, cluster.OutcomeOf, cluster.Problems,
		cluster.StatusOf,
	},
	"config": {
		new(config.Config), new(config.Field), new(config.Finder), new(config.Setting), config.Read, config.ReadRemote, config.Schema, config.WithRemotes,
	},
	"diag": {
		new(diag.Edit), new(diag.Finding), new(diag.Findings), new(diag.Fix), new(diag.ObjectRef), new(diag.Path),
		new(diag.Position), new(diag.Related), new(diag.Segment), new(diag.SegmentKind), new(diag.Severity), diag.Fields,
		diag.NewPath, diag.ParsePath, diag.ParseSeverity, diag.Severities,
	},
	"generate": {
		new(generate.Env), generate.Run,
	},
	"graph": {
		new(graph.Diagram), new(graph.Edge), new(graph.Graph), new(graph.Shape), new(graph.Subgraph), graph.New, graph.Reduce,
	},
	"infra": {
		new(infra.ClusterRole), new(infra.ConfigMap), new(infra.Ingress), new(infra.Namespace), new(infra.PVC),
		new(infra.RBAC), new(infra.Role), new(infra.Secret), new(infra.ServiceAccount), infra.BasicAuth, infra.Dashboard,
		infra.DockerConfig, infra.Kubeconfig, infra.ListenerRBAC, infra.NewClusterRole, infra.NewConfigMap, infra.NewIngress,
		infra.NewNamespace, infra.NewPVC, infra.NewRole, infra.NewSecret, infra.NewServiceAccount, infra.RunRBAC,
		infra.SSHAuth, infra.Service, infra.TLSSecret, infra.WebhookSecret,
		new(infra.ApplyRBAC), new(infra.ExternalSecret), new(infra.HTTPRoute), new(infra.ListenerPolicy), infra.NewApplyRBAC,
		infra.NewSchedule, new(infra.Schedule), infra.NewExternalSecret, infra.NewHTTPRoute, infra.NewListenerPolicy,
		new(infra.RoleBinding), new(infra.ClusterRoleBinding), infra.NewRoleBinding, infra.NewClusterRoleBinding,
	},
	"manifest": {
		new(manifest.DiagramFormat), new(manifest.DriftError), new(manifest.Encoder), new(manifest.FieldChange), new(manifest.Layout),
		new(manifest.LoadOptions), new(manifest.LoadResult), new(manifest.Progress), new(manifest.Set), new(manifest.Conversion),
		new(manifest.Limits),
		new(manifest.SecretValues), manifest.ByKind, manifest.FromObjects, manifest.FromYAML, manifest.IsReadFailure, manifest.Load, manifest.New,
		manifest.CheckDirs, manifest.NewEncoder, manifest.Parse, manifest.Read, manifest.ReadDir, manifest.Upgrade, manifest.WriteDirs,
	},
	"object": {
		new(object.Change), new(object.ChangeKind), new(object.Declaration), new(object.Field), new(object.Ignore), new(object.Object), new(object.ValueSource),
	},
	"pac": {
		new(pac.AnnotatedEvent), new(pac.CELEvent), new(pac.ChangedFiles), new(pac.CommentEvent), new(pac.IncomingEvent), new(pac.Outcome), new(pac.OutcomeEvent),
		new(pac.OutcomeRun), new(pac.OutcomeVariable), new(pac.PipelineRun), new(pac.PullRequestEvent), new(pac.PushEvent),
		new(pac.Repository), new(pac.Runs), new(pac.TagEvent), new(pac.Webhook), pac.Body, pac.CEL, pac.Comment, pac.Header,
		pac.Incoming, pac.GitHubComment, pac.GitHubLabel, pac.GitHubPullRequest, pac.GitHubPush, pac.GitLabMergeRequest, pac.GitLabPush, pac.Matches, pac.NewRepository, pac.OnEvent, pac.PullRequest, pac.Push, pac.PushedFiles, pac.Resolve, pac.Run, pac.Tag,
	},
	"rule": {
		new(rule.Accepted), new(rule.Change), new(rule.Doc), new(rule.Found), new(rule.Pass), new(rule.Persona), new(rule.Profile), new(rule.Reported), new(rule.Rule),
		rule.AddField, rule.NestField, rule.NewPass, rule.Personas, rule.RemoveField, rule.RenameKey, rule.Replace, rule.ReplaceAt,
	},
	"tasks": {
		new(tasks.Applied), new(tasks.Approval), tasks.ApproverRules, new(tasks.BuildKit), new(tasks.Built), new(tasks.Cloned), new(tasks.Deployed),
		new(tasks.DockerBuild), new(tasks.GitClone), new(tasks.GitOpsUpdate), new(tasks.GoBuild), new(tasks.GoTest),
		new(tasks.HelmDeploy), new(tasks.HelmRollback), new(tasks.Image), new(tasks.ImageTag), new(tasks.Kaniko),
		new(tasks.KubectlApply), new(tasks.RolledBack), new(tasks.Tagged), new(tasks.Tested), new(tasks.Updated),
		new(tasks.Digests), new(tasks.Trust), new(tasks.ChangedPaths), new(tasks.Changes), new(tasks.Buildah), new(tasks.Ko), new(tasks.CosignSign), new(tasks.Signed), new(tasks.KustomizeApply), new(tasks.GoLint), new(tasks.Linted), new(tasks.ImageCopy), new(tasks.Copied), new(tasks.Notify), new(tasks.GitTag), new(tasks.CreatedTag), new(tasks.CommitStatus), tasks.ApplyRules, tasks.ApplyVerbs, tasks.HelmRules, tasks.UsualResources, tasks.CachePath, tasks.Images, tasks.KnownDigests, tasks.ParseDigests, tasks.Pinned, tasks.Unprivileged,
	},
	"tasktest": {
		new(tasktest.Answer), new(tasktest.Call), new(tasktest.Case), new(tasktest.Command), new(tasktest.Containers), new(tasktest.Folder),
		new(tasktest.Host), new(tasktest.Params), new(tasktest.Result), new(tasktest.Step), tasktest.Attack, tasktest.Define, tasktest.HostileValues,
		tasktest.In, tasktest.Object, tasktest.Run, tasktest.Steps,
	},
	"triggers": {
		new(triggers.Binding), new(triggers.Comment), new(triggers.Interceptor), new(triggers.Listener),
		new(triggers.PullRequest), new(triggers.Push), new(triggers.Release), new(triggers.Tag), new(triggers.Template),
		new(triggers.Trigger), new(triggers.Webhook), triggers.AnyEvent, triggers.BitbucketPullRequest, triggers.BitbucketPush,
		triggers.BitbucketServerPullRequest, triggers.BitbucketServerPush, triggers.ClusterInterceptor, triggers.GitHubComment, triggers.GitHubMergeGroup, new(triggers.MergeGroup),
		triggers.GitHubPullRequest, triggers.GitHubPush, triggers.GitHubRelease, triggers.GitHubTag,
		triggers.GitLabMergeRequest, triggers.GitLabPush, triggers.GitLabTag, triggers.GiteaPullRequest, triggers.GiteaPush,
		triggers.NamespacedInterceptor, triggers.NewBinding, triggers.NewListener, triggers.NewTemplate, triggers.SlackFields,
		triggers.WebhookInterceptor, new(triggers.Group), new(triggers.InterceptorServer), triggers.FromObject,
		triggers.NewClusterBinding, triggers.NewClusterInterceptor, triggers.NewGroup, triggers.NewInterceptor, triggers.NewTrigger,
		triggers.Value,
	},
}

// unused are functions that TestZero must not call.
var unused = map[string]string{"generate.Main": "it exits", "generatetest.Check": "it needs a test", "importtest.Same": "it needs a test",
	"tasktest.Do": "it needs a test", "tasktest.Hostile": "it needs a test",
	"importtest.Option": "it is for Same", "importtest.Exact": "it is for Same", "importtest.Runs": "it is for Same"}

// TestExported tests that the list is complete.
func TestExported(t *testing.T) {
	listed := map[string]bool{}
	for _, values := range exported {
		for _, v := range values {
			listed[nameOf(v)] = true
		}
	}
	folders, err := filepath.Glob("pkg/*")
	require.NoError(t, err)
	found := 0
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			continue // a module of its own
		}
		files, err := filepath.Glob(folder + "/*.go")
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			for _, name := range declared(parsed) {
				found++
				name = filepath.Base(folder) + "." + name
				if unused[name] == "" {
					assert.True(t, listed[name], "add %s to the list", name)
				}
			}
		}
	}
	assert.Greater(t, found, 200)
}

// declared returns the names of exported types and functions of a file.
func declared(f *ast.File) []string {
	var names []string
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.IsExported() {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if t, ok := s.(*ast.TypeSpec); ok && t.Name.IsExported() && !t.Assign.IsValid() {
					if _, ok := t.Type.(*ast.InterfaceType); !ok {
						names = append(names, t.Name.Name)
					}
				}
			}
		}
	}
	return names
}

// typeArguments matches those of a generic type or function.
var typeArguments = regexp.MustCompile(`\[.*`)

// nameOf returns the name of a function, or of the type that a pointer points to:
// manifest.Set.
func nameOf(v any) string {
	name := reflect.TypeOf(v).String()
	if f := reflect.ValueOf(v); f.Kind() == reflect.Func {
		name = runtime.FuncForPC(f.Pointer()).Name()
	}
	name = typeArguments.ReplaceAllString(name, "")
	return strings.TrimPrefix(name[strings.LastIndexByte(name, '/')+1:], "*")
}

// TestZero calls all functions of the library, and all methods of the zero value and
// of the nil pointer of each type, with zero arguments. None may panic, nor may the
// methods of their results.
func TestZero(t *testing.T) {
	t.Chdir(t.TempDir())
	z := zero{t: t, results: map[string]bool{}}
	for _, values := range exported {
		for _, v := range values {
			if reflect.TypeOf(v).Kind() == reflect.Func {
				z.function(nameOf(v), reflect.ValueOf(v), 2)
				continue
			}
			z.methods(nameOf(v), func() reflect.Value { return reflect.New(reflect.TypeOf(v).Elem()) }, 2)
			z.methods("nil "+nameOf(v), func() reflect.Value { return reflect.Zero(reflect.TypeOf(v)) }, 2)
		}
	}
	t.Log(z.calls, "calls")
	assert.Greater(t, z.calls, 2000)
}

// empty reports whether a value is an object.Object that embeds no object.
func empty(v reflect.Value) bool {
	if v = reflect.Indirect(v); !v.IsValid() {
		return false
	}
	o, ok := reflect.TypeAssert[object.Object](v)
	return ok && o.Object == nil
}

// promoted are the methods of the interface that object.Object embeds.
var promoted = map[string]bool{"DeepCopyObject": true, "GetObjectKind": true}

type zero struct {
	t       *testing.T
	calls   int
	results map[string]bool // types of results whose methods were called
}

// methods calls all methods of a value.
func (z *zero) methods(name string, value func() reflect.Value, depth int) {
	v := value()
	for i := range v.NumMethod() {
		m := v.Type().Method(i)
		if empty(v) && promoted[m.Name] {
			continue
		}
		if v.Kind() == reflect.Pointer && v.IsNil() {
			if _, byValue := v.Type().Elem().MethodByName(m.Name); byValue {
				continue // Go itself panics
			}
		}
		z.function(name+"."+m.Name, value().Method(i), depth)
	}
}

// function calls a function with zero arguments. Instead of a nil function, it also
// passes one that returns zero values. Variadic functions also get one argument more.
func (z *zero) function(name string, f reflect.Value, depth int) {
	for variant := range 3 {
		var args []reflect.Value
		ft := f.Type()
		for i := range ft.NumIn() {
			in := ft.In(i)
			if ft.IsVariadic() && i == ft.NumIn()-1 {
				if variant == 0 {
					break
				}
				in = in.Elem()
			}
			args = append(args, argument(in, variant == 2))
		}
		for _, r := range z.call(name, f, args) {
			z.result(name, r, depth-1)
		}
	}
}

// argument returns a zero argument, or a function that does nothing.
func argument(of reflect.Type, function bool) reflect.Value {
	switch {
	case of == reflect.TypeFor[context.Context]():
		ctx, cancel := context.WithCancel(context.Background())
		cancel() // a nil Context is a mistake that Go's own packages do not report either
		return reflect.ValueOf(ctx)
	case of.Kind() == reflect.Func && function:
		return reflect.MakeFunc(of, func([]reflect.Value) []reflect.Value {
			var out []reflect.Value
			for result := range of.Outs() {
				out = append(out, reflect.Zero(result))
			}
			return out
		})
	}
	return reflect.Zero(of)
}

// result calls the methods of a result, or the function that is one.
func (z *zero) result(name string, r reflect.Value, depth int) {
	if r.Kind() == reflect.Interface {
		r = r.Elem()
	}
	if !r.IsValid() || depth < 0 {
		return
	}
	if r.Kind() == reflect.Func && !r.IsNil() && r.Type().Name() == "" {
		z.function(name+"()", r, 0)
		return
	}
	of := r.Type()
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if !strings.HasPrefix(of.PkgPath(), module) || r.Kind() == reflect.Pointer && r.IsNil() {
		return // nil pointers have their own turn
	}
	if key := name[strings.LastIndexByte(name, '.'):] + " " + r.Type().String(); !z.results[key] {
		z.results[key] = true
		z.methods(name+"()", func() reflect.Value { return r }, depth)
	}
}

// call reports a panic.
func (z *zero) call(name string, f reflect.Value, args []reflect.Value) (results []reflect.Value) {
	z.calls++
	defer func() {
		if p := recover(); p != nil {
			z.t.Errorf("%s panics: %v\n%s", name, p, where(string(debug.Stack())))
		}
	}()
	return f.Call(args)
}

// where returns the first lines of the library in a stack.
func where(stack string) string {
	var lines []string
	_, stack, _ = strings.Cut(stack, "\npanic(")
	for l := range strings.Lines(stack) {
		if i := strings.Index(l, "/pkg/"); i >= 0 && strings.HasPrefix(l, "\t") && len(lines) < 3 {
			lines = append(lines, fmt.Sprint("\t", strings.TrimSpace(l[i+1:])))
		}
	}
	return strings.Join(lines, "\n")
}
