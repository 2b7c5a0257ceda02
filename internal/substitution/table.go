package substitution

// Place is a kind of spec with fields of its own.
type Place int

// The places.
const (
	// Task is the spec of a Task, and the taskSpec of a TaskRun.
	Task Place = iota
	// InlineTask is a taskSpec in a pipeline.
	InlineTask
	// StepAction is the spec of a StepAction.
	StepAction
	// Pipeline is the params and the results of a pipeline.
	Pipeline
	// PipelineTask is a task of a pipeline, without its taskSpec.
	PipelineTask
	// PipelineRun is the spec of a PipelineRun, without its pipelineSpec.
	PipelineRun
	// TaskRun is the spec of a TaskRun, without its taskSpec.
	TaskRun
)

// Places returns all places.
func Places() []Place {
	return []Place{Task, InlineTask, StepAction, Pipeline, PipelineTask, PipelineRun, TaskRun}
}

var placeNames = [...]string{"Task", "taskSpec in a pipeline", "StepAction", "Pipeline", "task of a Pipeline", "PipelineRun", "TaskRun"}

// String returns what the place is called in docs/variables.md.
func (p Place) String() string { return placeNames[p] }

// Row is fields of a place in which Tekton replaces the same variables.
type Row struct {
	Fields   []string
	Replaced Set
	// Passed reports whether the value is passed on, so that the variables of Later are
	// replaced where it is used.
	Passed bool
	Later  Set
	// Waits reports whether a task waits for the tasks whose results it uses there.
	Waits bool
	// Checked reports whether the webhook rejects a param that is not declared.
	Checked bool
	// Bare reports whether a whole array can be passed without [*], as $(params.NAME).
	Bare bool
}

// MatrixDisplayName is the field displayName of a task with a matrix, in which Tekton
// replaces other params than in that of other tasks.
const MatrixDisplayName = "displayName of a matrix"

// The fields of a container, with those that the webhook checks in steps first.
var (
	containerChecked = []string{"image", "workingDir", "volumeMounts.name", "volumeMounts.mountPath", "volumeMounts.subPath"}
	containerLines   = []string{"command", "args", "env.value"}
	containerOthers  = []string{
		"imagePullPolicy", "env.valueFrom.secretKeyRef.name", "env.valueFrom.secretKeyRef.key",
		"env.valueFrom.configMapKeyRef.name", "env.valueFrom.configMapKeyRef.key",
		"envFrom.prefix", "envFrom.configMapRef.name", "envFrom.secretRef.name",
	}
)

var volumes = []string{
	"volumes.name", "volumes.configMap.name", "volumes.configMap.items.key", "volumes.configMap.items.path",
	"volumes.secret.secretName", "volumes.secret.items.key", "volumes.secret.items.path", "volumes.persistentVolumeClaim.claimName",
	"volumes.projected.sources.configMap.name", "volumes.projected.sources.secret.name",
	"volumes.projected.sources.serviceAccountToken.audience", "volumes.csi.nodePublishSecretRef.name", "volumes.csi.volumeAttributes",
}

// bindings are the fields of a workspace binding of a run, without subPath.
var bindings = []string{
	"configMap.name", "configMap.items.key", "configMap.items.path", "secret.secretName", "secret.items.key", "secret.items.path",
	"persistentVolumeClaim.claimName", "projected.sources.configMap.name", "projected.sources.configMap.items.key",
	"projected.sources.configMap.items.path", "projected.sources.secret.name", "projected.sources.secret.items.key",
	"projected.sources.secret.items.path", "csi.driver", "csi.nodePublishSecretRef.name",
}

// podTemplate are the fields of a pod template.
var podTemplate = join(volumes,
	prefixed("affinity.nodeAffinity.", prefixed("preferredDuringSchedulingIgnoredDuringExecution.preference.", nodeTerm), prefixed("requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.", nodeTerm)),
	prefixed("affinity.podAffinity.", prefixed("preferredDuringSchedulingIgnoredDuringExecution.podAffinityTerm.", podTerm), prefixed("requiredDuringSchedulingIgnoredDuringExecution.", podTerm)),
	prefixed("affinity.podAntiAffinity.", prefixed("preferredDuringSchedulingIgnoredDuringExecution.podAffinityTerm.", podTerm), prefixed("requiredDuringSchedulingIgnoredDuringExecution.", podTerm)),
	[]string{
		"dnsConfig.nameservers", "dnsConfig.options.name", "dnsConfig.options.value", "dnsConfig.searches", "dnsPolicy",
		"env.name", "env.value", "env.valueFrom.configMapKeyRef.key", "env.valueFrom.configMapKeyRef.name", "env.valueFrom.fieldRef.fieldPath",
		"env.valueFrom.resourceFieldRef.containerName", "env.valueFrom.resourceFieldRef.resource", "env.valueFrom.secretKeyRef.key",
		"env.valueFrom.secretKeyRef.name", "hostAliases.hostnames", "hostAliases.ip", "imagePullSecrets.name", "nodeSelector",
		"priorityClassName", "runtimeClassName", "schedulerName",
		"securityContext.appArmorProfile.localhostProfile", "securityContext.appArmorProfile.type", "securityContext.fsGroupChangePolicy",
		"securityContext.seLinuxChangePolicy", "securityContext.seLinuxOptions.level", "securityContext.seLinuxOptions.role",
		"securityContext.seLinuxOptions.type", "securityContext.seLinuxOptions.user", "securityContext.seccompProfile.localhostProfile",
		"securityContext.seccompProfile.type", "securityContext.supplementalGroupsPolicy", "securityContext.sysctls.name",
		"securityContext.sysctls.value", "securityContext.windowsOptions.gmsaCredentialSpec",
		"securityContext.windowsOptions.gmsaCredentialSpecName", "securityContext.windowsOptions.runAsUserName",
		"tolerations.effect", "tolerations.key", "tolerations.operator", "tolerations.value",
		"topologySpreadConstraints.topologyKey",
	}, prefixed("topologySpreadConstraints.", prefixed("labelSelector.", selector)))

var (
	nodeTerm = []string{"matchExpressions.key", "matchExpressions.values", "matchFields.key", "matchFields.values"}
	selector = []string{"matchExpressions.key", "matchExpressions.values", "matchLabels"}
	podTerm  = join([]string{"namespaces", "topologyKey"}, prefixed("labelSelector.", selector), prefixed("namespaceSelector.", selector))
)

func join(lists ...[]string) (out []string) {
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

func prefixed(prefix string, lists ...[]string) (out []string) {
	for _, l := range lists {
		for _, f := range l {
			out = append(out, prefix+f)
		}
	}
	return out
}

const (
	// inTask are the variables that Tekton replaces in all parts of a Task.
	inTask = Params | TaskContext | Workspaces | ResultPath | ExitCode | Credentials
	// inStep are those that it replaces in a step.
	inStep = inTask | StepResultPath | ArtifactPath
	// inLine are those of a command line or of the environment of a step.
	inLine = inStep | StepResults | StepArtifacts
	// fromPipeline are those that a pipeline replaces in a taskSpec.
	fromPipeline = PipelineParams | RunContext | Bound | TaskResults | TaskArtifacts
	// inPipeline are those that Tekton replaces in a pipeline before it runs a task.
	inPipeline = Params | RunContext | Bound
)

// Rows returns the rows of a place.
func Rows(p Place) []Row { return rows[p] }

var rows = [...][]Row{
	Task:       taskRows(0),
	InlineTask: taskRows(fromPipeline),
	StepAction: {
		{Fields: []string{"image", "volumeMounts.name"}, Replaced: inStep, Checked: true},
		{Fields: []string{"command", "args", "env.value"}, Replaced: inLine, Checked: true},
		{Fields: []string{"script"}, Replaced: inStep | StepArtifacts, Checked: true},
		{Fields: []string{
			"workingDir", "volumeMounts.mountPath", "volumeMounts.subPath",
			"env.valueFrom.secretKeyRef.name", "env.valueFrom.secretKeyRef.key", "env.valueFrom.configMapKeyRef.name", "env.valueFrom.configMapKeyRef.key",
		}, Replaced: inStep},
		{Fields: []string{"params.default"}, Replaced: Params, Passed: true, Later: inLine &^ Params},
	},
	Pipeline: {
		{Fields: []string{"params.default"}, Replaced: Params, Passed: true, Later: inPipeline | PipelineTaskContext | TaskResults | Status | MatrixLength},
		{Fields: []string{"results.value"}, Replaced: TaskResults},
	},
	PipelineTask: {
		{Fields: []string{"params.value"}, Replaced: inPipeline | PipelineTaskContext | TaskResults | Status | MatrixLength, Passed: true, Later: inLine, Waits: true, Checked: true},
		{Fields: []string{"matrix.params.value"}, Replaced: inPipeline | PipelineTaskContext | TaskResults, Passed: true, Later: inLine, Waits: true, Bare: true},
		{Fields: []string{"matrix.include.params.value"}, Replaced: inPipeline | PipelineTaskContext | TaskResults, Passed: true, Later: inLine, Waits: true, Checked: true},
		{Fields: []string{"when.input", "when.values"}, Replaced: inPipeline | TaskResults | Status, Waits: true, Checked: true},
		{Fields: []string{"when.cel"}, Replaced: inPipeline | TaskResults | Status, Waits: true},
		{Fields: []string{"workspaces.subPath"}, Replaced: inPipeline | TaskResults},
		{Fields: []string{"displayName"}, Replaced: inPipeline | PipelineTaskContext | TaskResults | Status},
		{Fields: []string{MatrixDisplayName}, Replaced: RunContext | PipelineTaskContext | TaskResults | Status},
		{Fields: []string{"matrix.include.name"}},
		{Fields: []string{"taskRef.params.value"}, Replaced: inPipeline, Bare: true},
		{Fields: []string{"taskRef.name", "onError"}, Replaced: inPipeline},
		{Fields: []string{"pipelineRef.params.value"}, Replaced: Params | RunContext, Bare: true},
	},
	PipelineRun: {
		{Fields: []string{"params.value"}, Passed: true, Later: RunContext | Bound},
		{Fields: []string{"pipelineRef.params.value"}, Replaced: Params | RunContext, Bare: true},
		{Fields: []string{"workspaces.subPath"}, Replaced: Params | RunContext | TaskResults},
		{Fields: prefixed("workspaces.", bindings), Replaced: Params | TaskResults},
		{Fields: prefixed("taskRunTemplate.podTemplate.", podTemplate), Replaced: Params},
		{Fields: prefixed("taskRunSpecs.podTemplate.", podTemplate), Replaced: Params},
	},
	TaskRun: {
		{Fields: []string{"params.value"}, Passed: true, Later: inLine &^ Params},
		{Fields: []string{"taskRef.params.value"}, Replaced: Params | TaskContext, Bare: true},
		{Fields: append(prefixed("workspaces.", bindings), "workspaces.subPath"), Replaced: Params},
		{Fields: prefixed("podTemplate.", podTemplate), Replaced: Params},
	},
}

// taskRows returns the rows of a Task spec, in which a pipeline replaces more.
func taskRows(outer Set) []Row {
	return []Row{
		{Fields: prefixed("steps.", []string{"name", "onError"}, containerChecked), Replaced: inStep | outer, Checked: true},
		{Fields: prefixed("steps.", containerLines), Replaced: inLine | outer, Checked: true},
		{Fields: []string{"steps.script"}, Replaced: inStep | StepArtifacts | outer, Checked: true},
		{Fields: []string{"steps.when.input", "steps.when.values"}, Replaced: inStep | StepResults | outer},
		{Fields: []string{"steps.when.cel"}, Replaced: inStep | StepResults | outer},
		{Fields: prefixed("steps.", containerOthers, []string{"stdoutConfig.path", "stderrConfig.path"}), Replaced: inStep | outer},
		{Fields: []string{"steps.params.value"}, Replaced: Params | StepResults | outer, Passed: true, Later: inStep | outer, Bare: true},
		{Fields: []string{"steps.ref.params.value"}, Replaced: Params, Bare: true},
		{Fields: join(
			prefixed("sidecars.", []string{"name", "script"}, containerChecked, containerLines, containerOthers),
			prefixed("stepTemplate.", containerChecked, containerLines, containerOthers),
			volumes, []string{"workspaces.mountPath"}), Replaced: inTask | outer},
		{Fields: []string{"params.default"}, Replaced: Params, Passed: true, Later: inLine &^ Params},
		{Fields: []string{"results.value"}, Replaced: StepResults},
	}
}

// index has the row of each field.
var index = indexed()

func indexed() (out [len(rows)]map[string]*Row) {
	for p := range rows {
		out[p] = map[string]*Row{}
		for i := range rows[p] {
			for _, f := range rows[p][i].Fields {
				out[p][f] = &rows[p][i]
			}
		}
	}
	return out
}

var none Row

func row(p Place, field string) *Row {
	if r := index[p][field]; r != nil {
		return r
	}
	return &none
}

// Known reports whether Tekton replaces any variables in a field, at once or later.
func Known(p Place, field string) bool { return index[p][field] != nil }

// Replaced returns the variables that Tekton replaces in a field.
func Replaced(p Place, field string) Set { return row(p, field).Replaced }

// Passed returns whether the value of a field is passed on, and the variables that
// Tekton replaces where it is used.
func Passed(p Place, field string) (later Set, ok bool) {
	r := row(p, field)
	return r.Later, r.Passed
}

// Waits reports whether a task waits for the tasks whose results it uses in a field.
func Waits(p Place, field string) bool { return row(p, field).Waits }

// Checked reports whether the webhook rejects a param in a field that is not declared.
func Checked(p Place, field string) bool { return row(p, field).Checked }

// Bare reports whether a whole array can be passed in a field without [*].
func Bare(p Place, field string) bool { return row(p, field).Bare }
