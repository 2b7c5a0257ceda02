package infra

import (
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Schedule describes a CronJob that creates a run at fixed times, and what it needs: a
// ConfigMap with the run, and a service account that may create runs of this kind and nothing
// else.
type Schedule struct {
	at         place
	name, cron string
	run        Run
	zone       *named
	image      *named
	metadata
	mutate callsite.Changes[batchv1.CronJob]
}

// Run is a run that a [Schedule] creates: a *builder.PipelineRun or a *builder.TaskRun.
type Run interface {
	builder.PodStarter
	Source
}

// NewSchedule returns a CronJob with the given name that creates the run at the times of a cron
// expression, such as "0 3 * * *". The run needs a name that ends with a dash, so that each
// created run gets its own. The objects to which the run refers belong to the schedule, as they
// do to the run; the run itself is checked like others, but not written.
//
//	nightly := p.Run("nightly-", repo.Set(url), src.VolumeClaimTemplate("1Gi")).ServiceAccount("nightly")
//	set := manifest.New(infra.NewSchedule("nightly", "0 3 * * *", nightly), infra.RunRBAC(nightly)).Namespace("ci")
//
// If a run cannot be created within five minutes, because the cluster is down, it is left out.
// Runs may overlap: use a concurrency limit of the pipeline if they must not.
func NewSchedule(name, cron string, run Run) *Schedule {
	return &Schedule{at: callsite.Here(), name: name, cron: cron, run: run}
}

// TimeZone sets the time zone of the cron expression, such as "Europe/Berlin". The default is
// that of the controller, which is usually UTC. Only the area before the slash is checked: the
// cluster rejects a city that it does not know.
func (s *Schedule) TimeZone(name string) *Schedule {
	if s != nil {
		s.zone = &named{callsite.Here(), name}
	}
	return s
}

// Image sets the image that creates the run. It must have the program kubectl. The default is
// that of the tasks of the catalogue.
func (s *Schedule) Image(image string) *Schedule {
	if s != nil {
		s.image = &named{callsite.Here(), image}
	}
	return s
}

// Label sets a label of the CronJob.
func (s *Schedule) Label(key, value string) *Schedule {
	if s != nil {
		s.metadata.label(key, value)
	}
	return s
}

// Annotate sets an annotation of the CronJob.
func (s *Schedule) Annotate(key, value string) *Schedule {
	if s != nil {
		s.metadata.annotate(key, value)
	}
	return s
}

// Mutate registers a function that changes the CronJob before it is checked, for fields that
// have no method here. The function may be called more than once, each time with a new CronJob.
func (s *Schedule) Mutate(change func(*batchv1.CronJob)) *Schedule {
	if s != nil {
		s.mutate.Add(callsite.Here(), change)
	}
	return s
}

const (
	kubectlImage = "docker.io/alpine/k8s:1.36.0" // a test compares it with that of the catalogue
	longestCron  = 52                            // Kubernetes adds eleven characters to the name of a CronJob
	runFile      = "run.yaml"
	runFolder    = "/etc/tekwright"
)

// Objects returns the CronJob, its ConfigMap, ServiceAccount, Role and RoleBinding, and the
// objects to which the run refers. It implements manifest.Source.
func (s *Schedule) Objects() ([]object.Object, error) {
	if s == nil {
		return absent("CronJob", "create it with infra.NewSchedule")
	}
	l := lower(s.at, batchv1.SchemeGroupVersion.WithKind("CronJob"), s.name)
	job := &batchv1.CronJob{}
	job.TypeMeta, job.ObjectMeta = l.meta(dnsName)
	s.metadata.lower(l, &job.ObjectMeta)
	if len(s.name) > longestCron {
		l.report(s.at, diag.Fields("metadata", "name"), "name-invalid", s.name, "the name of the CronJob is longer than 52 characters", "shorten it: Kubernetes adds eleven characters for each Job")
	}
	if isNil(s.run) {
		l.report(s.at, diag.Path{}, "run-missing", s.name, "the run of the schedule is nil", "create it with Run or RunTask")
		return finish(nil, l.list)
	}
	objects, err := s.run.Objects()
	if err != nil {
		return objects, err
	}
	text, kind := s.takeRun(l, objects)
	account := s.name + "-schedule"
	s.lowerSpec(l, job, account)
	l.list = append(l.list, s.mutate.Apply(job, l.ref())...)

	config, more := (&ConfigMap{at: s.at, name: account, data: map[string]string{runFile: text}}).lower()
	l.list = append(l.list, more...)
	who, more := (&ServiceAccount{at: s.at, name: account}).lower()
	l.list = append(l.list, more...)
	may, more := (&role{at: s.at, name: account, rules: create(kind), accounts: []named{{s.at, account}}}).lower()
	l.list = append(l.list, more...)
	own := append([]object.Object{l.object(job)}, config...)
	return finish(append(append(append(own, who...), may...), objects...), l.list)
}

// takeRun returns the run as YAML, and its kind. Among the objects, the run becomes one that
// others create.
func (s *Schedule) takeRun(l *lowering, objects []object.Object) (text string, kind schema.GroupVersionKind) {
	for i := range objects {
		o := objects[i]
		m, ok := o.Object.(metav1.Object)
		kind = o.GetObjectKind().GroupVersionKind()
		if !ok || kind != pipelineRun && kind != taskRun {
			continue
		}
		if m.GetGenerateName() == "" {
			l.report(s.at, diag.Path{}, "name-fixed", m.GetName(), "each "+kind.Kind+" of the schedule would have the name "+q(m.GetName())+", so only the first one can be created",
				"end the name of the run with a dash")
		}
		b, err := yamlwrite.Append(nil, o.Object)
		if err != nil || handle.HasMark(string(b)) {
			l.report(s.at, diag.Path{}, "run-invalid", s.name, "the run of the schedule cannot be written", "build it alone to see why")
		}
		objects[i].Declared = &object.Declaration{Owner: "CronJob " + q(s.name)}
		return string(b), kind
	}
	l.report(s.at, diag.Path{}, "run-missing", s.name, "the run of the schedule has no PipelineRun or TaskRun", "create it with Run or RunTask")
	return "", pipelineRun
}

// lowerSpec fills in what the CronJob does.
func (s *Schedule) lowerSpec(l *lowering, o *batchv1.CronJob, account string) {
	path := diag.Fields("spec", "schedule")
	if l.plain(s.at, path, "the schedule", s.cron) && !isCron(s.cron) {
		l.report(s.at, path, "schedule-invalid", s.cron, "the schedule "+q(s.cron)+" is not a valid cron expression", `write five fields, such as "0 3 * * 1-5", or a name such as "@daily"`)
	}
	o.Spec.Schedule = s.cron
	if s.zone != nil {
		zone := diag.Fields("spec", "timeZone")
		if l.plain(s.zone.at, zone, "the time zone", s.zone.name) && !mayBeZone(s.zone.name) {
			l.report(s.zone.at, zone, "schedule-invalid", s.zone.name, "the time zone "+q(s.zone.name)+" is not valid", `write a name such as "Europe/Berlin"`)
		}
		name := s.zone.name
		o.Spec.TimeZone = &name
	}
	image := kubectlImage
	if s.image != nil {
		if l.plain(s.image.at, diag.Fields("spec", "jobTemplate"), "the image", s.image.name) && s.image.name == "" {
			l.report(s.image.at, diag.Fields("spec", "jobTemplate"), "image-missing", s.name, "the image is empty", "pass an image that has kubectl")
		}
		image = s.image.name
	}
	deadline, kept, retries := int64(300), int32(1), int32(2)
	yes, no, nobody := true, false, int64(65534)
	o.Spec.StartingDeadlineSeconds = &deadline
	o.Spec.SuccessfulJobsHistoryLimit, o.Spec.FailedJobsHistoryLimit = &kept, &kept
	o.Spec.JobTemplate.Spec.BackoffLimit = &retries
	o.Spec.JobTemplate.Spec.Template.Spec = corev1.PodSpec{
		ServiceAccountName: account,
		RestartPolicy:      corev1.RestartPolicyNever,
		SecurityContext: &corev1.PodSecurityContext{
			RunAsNonRoot: &yes, RunAsUser: &nobody, RunAsGroup: &nobody,
			SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
		},
		Containers: []corev1.Container{{
			Name: "create", Image: image,
			Command: []string{"kubectl", "create", "--cache-dir=/tmp", "--filename=" + runFolder + "/" + runFile},
			Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{
				corev1.ResourceCPU: resource.MustParse("50m"), corev1.ResourceMemory: resource.MustParse("64Mi"),
			}},
			SecurityContext: &corev1.SecurityContext{
				AllowPrivilegeEscalation: &no, Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
			},
			VolumeMounts: []corev1.VolumeMount{{Name: "run", MountPath: runFolder, ReadOnly: true}},
		}},
		Volumes: []corev1.Volume{{Name: "run", VolumeSource: corev1.VolumeSource{
			ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: account}},
		}}},
	}
}
