// Command catalogue writes docs/catalogue.md: for each task of the catalogue its
// inputs, workspaces, results, images and permissions, and what was run in its tests.
// Run go generate in pkg/tasks after a change.
package main

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
)

func main() {
	text, err := render()
	if err == nil {
		err = os.WriteFile("../../docs/catalogue.md", []byte(text), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "catalogue: "+err.Error())
		os.Exit(1)
	}
}

// entry is a task of the catalogue.
type entry struct {
	name  string // of the Go type
	task  *builder.Definition
	add   func(p *builder.Pipeline) // adds it to a pipeline, if it needs permissions
	tests string                    // what its tests run
	node  bool                      // whether it was run on a node
}

// The parts of the column of tests.
const (
	realGit  = "the real git, with local repositories and servers for HTTP and SSH"
	recorder = "a stand-in that records the arguments and the environment"
)

// entries are the tasks in the order of the page.
func entries() []entry {
	source := func(p *builder.Pipeline) builder.Workspace { return p.Workspace("source") }
	return []entry{
		{"GitClone", builder.Define(tasks.GitClone{}), nil, realGit, true},
		{"ChangedPaths", builder.Define(tasks.ChangedPaths{}), nil, "the real git, with local repositories", true},
		{"GitTag", builder.Define(tasks.GitTag{}), nil, "the real git, with local repositories", true},
		{"GitOpsUpdate", builder.Define(tasks.GitOpsUpdate{}), nil, realGit, true},
		{"GoTest", builder.Define(tasks.GoTest{}), nil, "the real go; hostile inputs with " + recorder, true},
		{"GoLint", builder.Define(tasks.GoLint{}), nil, "the real golangci-lint; hostile inputs with " + recorder, true},
		{"GoBuild", builder.Define(tasks.GoBuild{}), nil, "the real go; hostile inputs with " + recorder, true},
		{"ImageTag", builder.Define(tasks.ImageTag{}), nil, "the real shell and BusyBox", true},
		{"BuildKit", builder.Define(tasks.BuildKit{}), nil, recorder, true},
		{"Kaniko", builder.Define(tasks.Kaniko{}), nil, recorder, true},
		{"DockerBuild", builder.Define(tasks.DockerBuild{}), nil, recorder, true},
		{"Buildah", builder.Define(tasks.Buildah{}), nil, recorder, true},
		{"Ko", builder.Define(tasks.Ko{}), nil, recorder, true},
		{"ImageCopy", builder.Define(tasks.ImageCopy{}), nil, recorder, true},
		{"CosignSign", builder.Define(tasks.CosignSign{}), nil, recorder, true},
		{"KubectlApply", builder.Define(tasks.KubectlApply{}), func(p *builder.Pipeline) {
			builder.Add(p, "t", tasks.KubectlApply{Path: ".", Namespace: "prod", Source: source(p)})
		}, "the real kubectl for kustomizations; " + recorder + " otherwise", true},
		{"KustomizeApply", builder.Define(tasks.KustomizeApply{}), func(p *builder.Pipeline) {
			builder.Add(p, "t", tasks.KustomizeApply{Path: ".", Namespace: "prod", Source: source(p)})
		}, "the real kubectl renders; " + recorder + " otherwise", true},
		{"HelmDeploy", builder.Define(tasks.HelmDeploy{}), func(p *builder.Pipeline) {
			builder.Add(p, "t", tasks.HelmDeploy{Chart: "oci://r/c", Release: "r", Namespace: "prod"})
		}, "the real helm, with an API server that has only objects", true},
		{"HelmRollback", builder.Define(tasks.HelmRollback{}), func(p *builder.Pipeline) {
			builder.Add(p, "t", tasks.HelmRollback{Release: "r", Namespace: "prod"})
		}, "the real helm, with an API server that has only objects", true},
		{"CommitStatus", builder.Define(tasks.CommitStatus{}), nil, "the real curl, with a server that answers as GitHub, GitLab and Gitea are documented to", true},
		{"Notify", builder.Define(tasks.Notify{}), nil, "the real curl, with a server", true},
	}
}

const head = `# The catalogue

Tasks that are ready to use: [go doc ./pkg/tasks](../pkg/tasks/doc.go) explains what they
have in common, and [security.md](security.md) what each trusts. This page is generated. It
does not have Approval, a task of another project: see [compose.md](compose.md).

An input or workspace has the name of the Go field in kebab case. *Required* inputs have no
default. The script of each task was run with hostile inputs; *tests* says with which
tool, and whether the Task was also run on a node ([live.md](live.md)).

`

func render() (string, error) {
	var b strings.Builder
	b.WriteString(head)
	b.WriteString("| task | what it does | tests |\n|---|---|---|\n")
	list := entries()
	var sections strings.Builder
	for _, e := range list {
		task, err := e.task.Task()
		if err != nil {
			return "", fmt.Errorf("%s: %w", e.name, err)
		}
		on := "; not on a node"
		if e.node {
			on = "; on a node"
		}
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s |\n", e.name, strings.ToLower(e.name), cell(task.Spec.Description), cell(e.tests+on))
		e.section(&sections, task)
	}
	return b.String() + sections.String(), nil
}

// section writes what is known of a task.
func (e entry) section(b *strings.Builder, task *v1.Task) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n", e.name, task.Spec.Description)
	for _, s := range task.Spec.Steps {
		fmt.Fprintf(b, "\n- Image `%s`, %s. Requests %s CPU and %s memory.\n", s.Image, user(s.SecurityContext),
			s.ComputeResources.Requests.Cpu(), s.ComputeResources.Requests.Memory())
	}
	for _, s := range task.Spec.Sidecars {
		fmt.Fprintf(b, "- Sidecar with image `%s`, %s.\n", s.Image, user(s.SecurityContext))
	}
	e.permissions(b)
	b.WriteString("\n| input | type | default | |\n|---|---|---|---|\n")
	for _, p := range task.Spec.Params {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", p.Name, kind(string(p.Type)), fallback(p), cell(p.Description))
	}
	if len(task.Spec.Workspaces) > 0 {
		b.WriteString("\n| workspace | | |\n|---|---|---|\n")
		for _, w := range task.Spec.Workspaces {
			how := "required"
			if w.Optional {
				how = "optional"
			}
			if w.ReadOnly {
				how += ", read-only"
			}
			fmt.Fprintf(b, "| `%s` | %s | %s |\n", w.Name, how, cell(w.Description))
		}
	}
	if len(task.Spec.Results) > 0 {
		b.WriteString("\n| result | type | |\n|---|---|---|\n")
		for _, r := range task.Spec.Results {
			fmt.Fprintf(b, "| `%s` | %s | %s |\n", r.Name, kind(string(r.Type)), cell(r.Description))
		}
	}
}

// permissions writes which permissions the service account of the pod needs.
func (e entry) permissions(b *strings.Builder) {
	if e.add == nil {
		b.WriteString("- Its service account needs no permissions.\n")
		return
	}
	p := builder.NewPipeline("p")
	e.add(p)
	b.WriteString("- Without a kubeconfig, its service account needs in the namespace:\n")
	for _, permission := range p.Run("r-").Permissions() {
		for _, rule := range permission.Rules {
			group := ""
			if rule.APIGroups[0] != "" {
				group = " of `" + strings.Join(rule.APIGroups, "`, `") + "`"
			}
			fmt.Fprintf(b, "  - %s: %s%s\n", strings.Join(rule.Verbs, ", "), strings.Join(rule.Resources, ", "), group)
		}
	}
}

// user describes a security context.
func user(c *corev1.SecurityContext) string {
	switch {
	case c == nil:
		return "with the defaults of the cluster"
	case c.Privileged != nil && *c.Privileged:
		return "**privileged**"
	case c.RunAsUser == nil:
		return "as the user of the image"
	}
	out := "as user " + strconv.FormatInt(*c.RunAsUser, 10)
	if c.AllowPrivilegeEscalation != nil && *c.AllowPrivilegeEscalation {
		return out + " in a user namespace, without the profiles of the runtime"
	}
	if c.Capabilities != nil && len(c.Capabilities.Drop) > 0 && len(c.Capabilities.Add) == 0 {
		return out + " without capabilities"
	}
	return out
}

// fallback describes the default of a param.
func fallback(p v1.ParamSpec) string {
	switch {
	case p.Default == nil:
		return "*required*"
	case len(p.Default.ArrayVal) == 0 && p.Default.StringVal == "":
		return ""
	case p.Type == v1.ParamTypeArray:
		return "`" + strings.Join(p.Default.ArrayVal, "`, `") + "`"
	default:
		return "`" + p.Default.StringVal + "`"
	}
}

// kind is a type, which the builder writes only if it is not string.
func kind(t string) string { return cmp.Or(t, "string") }

// cell escapes a text in a table.
func cell(text string) string { return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text) }
