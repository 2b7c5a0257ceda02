package builder_test

import (
	"fmt"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/tekwright/tekwright/pkg/builder"
)

// spec returns the first task of a pipeline that embeds it.
func spec(p *builder.Pipeline) v1.TaskSpec {
	objects, err := p.Objects()
	if err != nil {
		fmt.Println(err)
		return v1.TaskSpec{}
	}
	return objects[len(objects)-1].Object.(*v1.Pipeline).Spec.Tasks[0].TaskSpec.TaskSpec
}

// A database runs beside the tests. The steps start when it accepts connections.
func ExampleTask_Sidecar() {
	p := builder.NewPipeline("tests")
	p.AddInline("test", func(t *builder.Task) {
		data := t.EmptyDir("data", builder.Medium(corev1.StorageMediumMemory)) // gone with the Pod
		accepts := corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(5432)}}}
		t.Sidecar("db").Image("docker.io/library/postgres:18.1").Requests("250m", "256Mi").
			EnvSecret("POSTGRES_PASSWORD", "test-db", "password").
			Mount(data, "/var/lib/postgresql").
			Port("sql", 5432).
			Ready(accepts).Live(accepts).
			Lifecycle(corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{"pg_ctl", "stop"}}}})
		t.Step("test").Image("registry.local/tester:3").
			EnvSecret("PGPASSWORD", "test-db", "password").
			Command("run-tests", "postgres://localhost")
	})
	for _, s := range spec(p).Sidecars {
		fmt.Println(s.Name, s.Ports[0].ContainerPort, s.VolumeMounts[0].MountPath, s.ReadinessProbe.TCPSocket.Port.IntVal)
	}
	// Output: db 5432 /var/lib/postgresql 5432
}

// The template is for what all steps have in common. Variables come from ConfigMaps and
// Secrets, from all of their keys, or from the Pod.
func ExampleStep_EnvFrom() {
	p := builder.NewPipeline("report")
	p.AddInline("report", func(t *builder.Task) {
		t.StepTemplate().Image("registry.local/tools:3").Requests("100m", "64Mi").
			EnvConfigMap("REGION", "cluster", "region").
			EnvFrom(corev1.EnvFromSource{ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "report"}}}).
			EnvField("NODE", "spec.nodeName").EnvResource("MEMORY", "requests.memory").
			EnvSource("ZONE", corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.labels['zone']"}})
		t.Step("collect").Command("collect")
		t.Step("send").Command("send")
	})
	s := spec(p)
	for _, e := range s.StepTemplate.Env {
		fmt.Println(e.Name)
	}
	for _, step := range s.Steps {
		fmt.Println(step.Name, step.Image == "")
	}
	// Output:
	// REGION
	// NODE
	// MEMORY
	// ZONE
	// collect true
	// send true
}

// Only one step mounts the credentials, and at a path of its own. The certificates of the
// cluster are a volume that is no workspace.
func ExampleStep_Isolate() {
	p := builder.NewPipeline("publish")
	src, key := p.Workspace("source"), p.Workspace("key")
	p.AddInline("publish", func(t *builder.Task) {
		files := t.Workspace("source", src, builder.ReadOnly(), builder.MountPath("/src"))
		secret := t.Workspace("key", key, builder.ReadOnly())
		ca := t.Volume(corev1.Volume{Name: "ca", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
			LocalObjectReference: corev1.LocalObjectReference{Name: "kube-root-ca.crt"},
		}}})
		t.Step("build").Image("registry.local/tools:3").WorkingDir(files.PathValue()).Command("make")
		t.Step("sign").Image("registry.local/tools:3").WorkingDir(files.PathValue()).
			Isolate(secret, "/key").Mount(ca, "/ca").Command("sign", "--key", "/key/private")
	}).DisplayName("build and sign")
	for _, step := range spec(p).Steps {
		fmt.Println(step.Name, len(step.Workspaces), len(step.VolumeMounts))
	}
	// Output:
	// build 0 0
	// sign 1 1
}
