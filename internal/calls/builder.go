package calls

import (
	"maps"
	"strings"
)

// Builder is the table for the kinds of Tekton Pipelines and package builder. A metadata has
// the fields alone that manifests set.
var Builder = builder()

// rare is the reason for most fields without a call.
const rare = "Mutate, because hardly any public manifest sets it"

// rareInMount is the same for a mount, in which it is an option.
const rareInMount = rare + " (MutateMount)"

func builder() map[string]string {
	t := map[string]string{}
	for _, kind := range []string{"Task", "StepAction", "Pipeline", "PipelineRun", "TaskRun"} {
		below(t, kind+".metadata", map[string]string{"labels": kind + ".Label", "annotations": kind + ".Annotate"})
	}
	below(t, "Task.spec", taskSpec())
	below(t, "StepAction.spec", stepAction())
	below(t, "Pipeline.spec", pipeline())
	below(t, "PipelineRun.spec", pipelineRun())
	below(t, "TaskRun.spec", taskRun())
	return t
}

func taskSpec() map[string]string {
	t := map[string]string{
		"displayName":              "Task.DisplayName",
		"description":              "Task.Describe",
		"workspaces[].name":        "Task.Workspace",
		"workspaces[].description": "Describe",
		"workspaces[].mountPath":   "MountPath",
		"workspaces[].readOnly":    "ReadOnly",
		"workspaces[].optional":    "Optional",
		"results[].value":          "FromStep",
	}
	below(t, "params[]", params("Task"))
	below(t, "results[]", results("Task"))
	below(t, "volumes[]", volume())
	below(t, "stepTemplate", container("Step"))
	t["stepTemplate.image"] = "Task.StepTemplate, Step.Image"
	below(t, "steps[]", step())
	below(t, "sidecars[]", sidecar())
	return t
}

// params returns the table of the declarations of params.
func params(of string) map[string]string {
	return map[string]string{
		"name":        of + ".Param, " + of + ".ArrayParam, " + of + ".ObjectParam",
		"type":        of + ".Param, " + of + ".ArrayParam, " + of + ".ObjectParam",
		"properties":  of + ".ObjectParam",
		"description": "Describe",
		"default":     "Default, DefaultArray, DefaultObject",
		"enum":        "Enum",
	}
}

// results returns the table of the declarations of results.
func results(of string) map[string]string {
	return map[string]string{
		"name":        of + ".Result, " + of + ".ArrayResult, " + of + ".ObjectResult",
		"type":        of + ".Result, " + of + ".ArrayResult, " + of + ".ObjectResult",
		"properties":  of + ".ObjectResult",
		"description": "Describe",
	}
}

// container returns the table of what steps, sidecars and the step template have in common.
func container(of string) map[string]string {
	t := map[string]string{
		"image":                     of + ".Image",
		"command":                   of + ".Command",
		"args":                      of + ".Args",
		"workingDir":                of + ".WorkingDir",
		"envFrom[]":                 of + ".EnvFrom",
		"computeResources.requests": of + ".Requests, " + of + ".Request",
		"computeResources.limits":   of + ".Limits, " + of + ".Limit",
		"computeResources.claims[]": rare,
		"volumeDevices[]":           rare,
		"imagePullPolicy":           of + ".Pull",
		"securityContext":           of + ".SecurityContext",
	}
	below(t, "env[]", env(of))
	below(t, "volumeMounts[]", mounts(of))
	return t
}

func env(of string) map[string]string {
	return map[string]string{
		"name":                                     of + ".Env",
		"value":                                    of + ".Env",
		"valueFrom.secretKeyRef.name":              of + ".EnvSecret",
		"valueFrom.secretKeyRef.key":               of + ".EnvSecret",
		"valueFrom.secretKeyRef.optional":          "Optional",
		"valueFrom.configMapKeyRef.name":           of + ".EnvConfigMap",
		"valueFrom.configMapKeyRef.key":            of + ".EnvConfigMap",
		"valueFrom.configMapKeyRef.optional":       "Optional",
		"valueFrom.fieldRef.fieldPath":             of + ".EnvField",
		"valueFrom.fieldRef.apiVersion":            of + ".EnvSource",
		"valueFrom.resourceFieldRef.resource":      of + ".EnvResource",
		"valueFrom.resourceFieldRef.containerName": of + ".EnvSource",
		"valueFrom.resourceFieldRef.divisor":       of + ".EnvSource",
		"valueFrom.fileKeyRef":                     of + ".EnvSource",
	}
}

func mounts(of string) map[string]string {
	return map[string]string{
		"name":              of + ".Mount",
		"mountPath":         of + ".Mount",
		"readOnly":          "ReadOnly",
		"subPath":           "SubPath",
		"subPathExpr":       rareInMount,
		"mountPropagation":  rareInMount,
		"recursiveReadOnly": rareInMount,
	}
}

func step() map[string]string {
	t := container("Step")
	maps.Copy(t, map[string]string{
		"name":                   "Task.Step",
		"displayName":            "Step.DisplayName",
		"script":                 "Step.Script, Step.PasteScript",
		"timeout":                "Step.Timeout",
		"workspaces[].name":      "Step.Isolate",
		"workspaces[].mountPath": "Step.Isolate",
		"onError":                "Step.OnError, Step.ContinueOnError",
		"stdoutConfig.path":      "Step.Stdout",
		"stderrConfig.path":      "Step.Stderr",
		"ref.name":               "AddStepAction, StepAction.Existing",
		"ref.resolver":           "StepAction.From",
		"ref.params[].name":      "StepAction.From, Resolver.WithTaskString",
		"ref.params[].value":     "StepAction.From, Resolver.WithTaskString",
		"params[].name":          "StepAction.Param, StepAction.ArrayParam, StepAction.ObjectParam",
		"params[].value":         "StepAction.Param, StepAction.ArrayParam, StepAction.ObjectParam",
		"when[].input":           "TaskString.In, TaskString.NotIn",
		"when[].operator":        "TaskString.In, TaskString.NotIn",
		"when[].values":          "TaskString.In, TaskString.NotIn",
		"when[].cel":             "StepCEL",
	})
	below(t, "results[]", results("Step"))
	return t
}

func sidecar() map[string]string {
	t := container("Sidecar")
	maps.Copy(t, map[string]string{
		"name":                     "Task.Sidecar",
		"script":                   "Sidecar.Script",
		"securityContext":          "Sidecar.SecurityContext, Sidecar.Privileged",
		"ports[].name":             "Sidecar.Port",
		"ports[].containerPort":    "Sidecar.Port",
		"ports[].protocol":         rare,
		"ports[].hostPort":         rare,
		"ports[].hostIP":           rare,
		"readinessProbe":           "Sidecar.Ready",
		"livenessProbe":            "Sidecar.Live",
		"startupProbe":             "Sidecar.Startup",
		"lifecycle":                "Sidecar.Lifecycle",
		"workspaces[].name":        "Sidecar.Isolate",
		"workspaces[].mountPath":   "Sidecar.Isolate",
		"terminationMessagePath":   rare,
		"terminationMessagePolicy": rare,
		"stdin":                    rare,
		"stdinOnce":                rare,
		"tty":                      rare,
		"restartPolicy":            rare,
	})
	return t
}

func volume() map[string]string {
	t := map[string]string{
		"name":                            "Task.EmptyDir, Task.Secret, Task.ConfigMap, Task.PVC, Task.Volume",
		"emptyDir.medium":                 "Medium",
		"emptyDir.sizeLimit":              "SizeLimit",
		"secret.secretName":               "Task.Secret",
		"configMap.name":                  "Task.ConfigMap",
		"persistentVolumeClaim.claimName": "Task.PVC",
		"persistentVolumeClaim.readOnly":  "Task.Volume",
	}
	for _, of := range []string{"secret.", "configMap."} {
		t[of+"items[].key"] = "Item"
		t[of+"items[].path"] = "Item"
		t[of+"items[].mode"] = "Task.Volume"
		t[of+"defaultMode"] = "Mode"
		t[of+"optional"] = "Optional"
	}
	for source := range strings.FieldsSeq(`hostPath gcePersistentDisk awsElasticBlockStore gitRepo nfs iscsi
		glusterfs rbd flexVolume cinder cephfs flocker downwardAPI fc azureFile vsphereVolume quobyte
		azureDisk photonPersistentDisk projected portworxVolume scaleIO storageos csi ephemeral image`) {
		t[source] = "Task.Volume"
	}
	return t
}

func stepAction() map[string]string {
	const of = "StepAction"
	t := map[string]string{
		"description":     of + ".Describe",
		"image":           of + ".Image",
		"command":         of + ".Command",
		"args":            of + ".Args",
		"script":          of + ".Script",
		"workingDir":      of + ".WorkingDir",
		"securityContext": of + ".SecurityContext",
	}
	below(t, "env[]", env(of))
	below(t, "volumeMounts[]", mounts(of))
	below(t, "params[]", params(of))
	below(t, "results[]", results(of))
	return t
}
