package plan

import (
	"reflect"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// functions are the functions that a tree may call: of package builder, and of others with
// the name of the package. Generic ones are instantiated for the types that stand in for
// those that the importer declares.
var functions = valuesOf(map[string]any{
	"manifest.FromObjects": manifest.FromObjects,
	"manifest.FromYAML":    manifest.FromYAML,
	"manifest.New":         manifest.New,

	"infra.BasicAuth":             infra.BasicAuth,
	"infra.DockerConfig":          infra.DockerConfig,
	"infra.NewClusterRole":        infra.NewClusterRole,
	"infra.NewConfigMap":          infra.NewConfigMap,
	"infra.NewHTTPRoute":          infra.NewHTTPRoute,
	"infra.NewIngress":            infra.NewIngress,
	"infra.NewNamespace":          infra.NewNamespace,
	"infra.NewPVC":                infra.NewPVC,
	"infra.NewRole":               infra.NewRole,
	"infra.NewRoleBinding":        infra.NewRoleBinding,
	"infra.NewClusterRoleBinding": infra.NewClusterRoleBinding,
	"infra.NewSecret":             infra.NewSecret,
	"infra.NewServiceAccount":     infra.NewServiceAccount,
	"infra.SSHAuth":               infra.SSHAuth,
	"infra.Service":               infra.Service,
	"infra.TLSSecret":             infra.TLSSecret,

	"pac.CEL":           pac.CEL,
	"pac.Comment":       pac.Comment,
	"pac.Incoming":      pac.Incoming,
	"pac.NewRepository": pac.NewRepository,
	"pac.OnEvent":       pac.OnEvent,
	"pac.PullRequest":   pac.PullRequest,
	"pac.Push":          pac.Push,
	"pac.Run":           pac.Run,
	"pac.Tag":           pac.Tag,

	"triggers.ClusterInterceptor":    triggers.ClusterInterceptor,
	"triggers.FromObject":            triggers.FromObject,
	"triggers.NamespacedInterceptor": triggers.NamespacedInterceptor,
	"triggers.NewBinding":            triggers.NewBinding,
	"triggers.NewClusterBinding":     triggers.NewClusterBinding,
	"triggers.NewGroup":              triggers.NewGroup,
	"triggers.NewListener":           triggers.NewListener,
	"triggers.NewTemplate":           triggers.NewTemplate,
	"triggers.NewTrigger":            triggers.NewTrigger,
	"triggers.Value":                 triggers.Value,
	"triggers.WebhookInterceptor":    triggers.WebhookInterceptor,

	"Add":              builder.Add[task, *output],
	"AddFinally":       builder.AddFinally[task, *output],
	"AddFinallyMatrix": builder.AddFinallyMatrix[task, *output],
	"AddMatrix":        builder.AddMatrix[task, *output],
	"AddStepAction":    builder.AddStepAction[action, *actionOutput],
	"Bundle":           builder.Bundle,
	"CEL":              builder.CEL,
	"Cluster":          builder.Cluster,
	"Default":          builder.Default,
	"DefaultArray":     builder.DefaultArray,
	"DefaultObject":    builder.DefaultObject,
	"Define":           builder.Define[task, *output],
	"DefineStepAction": builder.DefineStepAction[action, *actionOutput],
	"Describe":         builder.Describe,
	"Each":             builder.Each,
	"Enum":             builder.Enum,
	"FromStep":         builder.FromStep,
	"Git":              builder.Git,
	"HTTP":             builder.HTTP,
	"Hub":              builder.Hub,
	"MountPath":        builder.MountPath,
	"NewPipeline":      builder.NewPipeline,
	"NewWorkspace":     builder.NewWorkspace,
	"ObjectOf":         builder.ObjectOf,
	"Optional":         builder.Optional,
	"ReadOnly":         builder.ReadOnly,
	"RunTask":          builder.RunTask[task, *output],
	"SubPath":          builder.SubPath,
	"StepCEL":          builder.StepCEL,
	"TaskStrings":      builder.TaskStrings,
	"TaskObjectOf":     builder.TaskObjectOf,
	"NewResolver":      builder.NewResolver,
	"ExistingPipeline": builder.ExistingPipeline,
	"RemotePipeline":   builder.RemotePipeline,
	"SizeLimit":        builder.SizeLimit,
	"Medium":           builder.Medium,
	"Item":             builder.Item,
	"Mode":             builder.Mode,
	"Strings":          builder.Strings,
})

// constants are the constants that a tree may use: of package builder, and of package pac with
// its name.
var constants = valuesOf(map[string]any{
	"pac.EventType":       pac.EventType,
	"pac.GitAuthSecret":   pac.GitAuthSecret,
	"pac.RepoName":        pac.RepoName,
	"pac.RepoOwner":       pac.RepoOwner,
	"pac.RepoURL":         pac.RepoURL,
	"pac.Revision":        pac.Revision,
	"pac.SourceURL":       pac.SourceURL,
	"pac.TargetNamespace": pac.TargetNamespace,

	"CredentialsPath":  builder.CredentialsPath,
	"Empty":            builder.Empty,
	"EmptyTaskString":  builder.EmptyTaskString,
	"Completed":        builder.Completed,
	"Failed":           builder.Failed,
	"None":             builder.None,
	"PipelineName":     builder.PipelineName,
	"RetryCount":       builder.RetryCount,
	"RunName":          builder.RunName,
	"RunNamespace":     builder.RunNamespace,
	"RunUID":           builder.RunUID,
	"NoTimeout":        builder.NoTimeout,
	"Succeeded":        builder.Succeeded,
	"TaskName":         builder.TaskName,
	"TaskRetries":      builder.TaskRetries,
	"TaskRunName":      builder.TaskRunName,
	"TaskRunNamespace": builder.TaskRunNamespace,
	"TaskRunUID":       builder.TaskRunUID,
})

func valuesOf(list map[string]any) map[string]reflect.Value {
	out := make(map[string]reflect.Value, len(list))
	for name, v := range list {
		out[name] = reflect.ValueOf(v)
	}
	return out
}

// types are the Go types of the kinds of fields.
var types = map[Kind]reflect.Type{
	String:     reflect.TypeFor[builder.String](),
	Array:      reflect.TypeFor[builder.Array](),
	Object:     reflect.TypeFor[builder.Object](),
	Workspace:  reflect.TypeFor[builder.Workspace](),
	TaskString: reflect.TypeFor[builder.TaskString](),
	TaskArray:  reflect.TypeFor[builder.TaskArray](),
	TaskObject: reflect.TypeFor[builder.TaskObject](),
	AnyTask:    reflect.TypeFor[builder.AnyTask](),
}

func typeOf(f Field) reflect.Type { return types[f.Kind] }
