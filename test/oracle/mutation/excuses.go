package mutation

import "regexp"

// excuse says why mutants of some places may survive: the object is as valid as before,
// or only a cluster, a registry or a person knows better.
type excuse struct {
	reason    string
	operators string         // the operators that it applies to
	places    *regexp.Regexp // as [mutant.place] has them
}

func on(operators, reason string, places ...string) excuse {
	all := ""
	for i, p := range places {
		if i > 0 {
			all += "|"
		}
		all += p
	}
	return excuse{reason, operators, regexp.MustCompile("^(" + all + ")$")}
}

// excuses are all of them; the first that fits counts. They were written from
// what survived, one by one, and are for survivors only: what a rule finds in
// spite of them is killed.
var excuses = []excuse{
	on("drop rename swap", "a description is for people, and any text is one", `.*\.description`, `Trigger spec\.name`, `Task metadata\.annotations\..*`),
	on("drop rename-key", "another Task with the workspace has the annotation, too, and one is enough",
		`Task metadata\.annotations(\.tekwright\.dev/concurrent)?`),
	on("drop", "Tekton or Kubernetes sets the same by default, or works without it",
		`\w+ roleRef\.apiGroup`, `Trigger spec\.(bindings|interceptors)\[\](\.ref)?\.kind`, `Task spec\.params\[\]\.type`,
		`Pipeline spec\.tasks\[\]\.workspaces\[\]\.workspace`, `Task spec\.(steps|sidecars)\[\]\.name`,
		`EventListener spec\.resources.*`, `.*[rR]eadinessProbe(\.\w+)*`, `.*\.computeResources(\.requests(\.\w+)?)?`),
	on("drop", "it restricts what a pod or an Ingress may do, and nothing says how much",
		`Task .*\.securityContext(\..*)?`, `.*\.podTemplate(\..*)?`, `Task spec\.workspaces\[\]\.readOnly`, `Ingress spec\.tls\[\]\.(hosts(\[\])?|secretName)`),
	on("drop", "the default ServiceAccount may have the permissions, too", `.*\.taskRunTemplate(\.serviceAccountName)?`),
	on("drop", "nothing refers to it, and a pipeline or a listener may do less",
		`Pipeline spec\.(finally|results)(\[\])?`, `Pipeline spec\.finally\[\]\.when(\[\])?`, `EventListener spec\.triggers\[\]`,
		`Trigger spec\.interceptors\[\](\.params\[\])?`),
	on("drop", "the Task has a default, or works without it",
		`Pipeline spec\.tasks\[\]\.(params|workspaces)(\[\])?`, `Pipeline spec\.tasks\[\]\.params\[\]\.value\[\]`,
		`Task spec\.params\[\]\.default(\[\])?`, `Task spec\.workspaces\[\]\.optional`),
	on("drop rename", "any directory of a volume can be used", `Pipeline spec\.(tasks|finally)\[\]\.workspaces\[\]\.subPath`),
	on("drop rename swap", "only the program knows which arguments, files and variables it reads",
		`Task spec\.(steps|sidecars)\[\]\.(env|args|command|script|volumeMounts)(\[\])?(\.\w+)?`, `Task spec\.sidecars\[\]\.readinessProbe\.exec\.command\[\]`),
	on("rename", "only the registry knows its images", `.*\.image`),
	on("rename swap", "the value may be any text",
		`Pipeline spec\.(tasks|finally)\[\]\.params\[\](\.value(\[\])?)?`, `(Pipeline|Task) spec\.params\[\]\.default(\[\])?`,
		`PipelineRun spec\.params\[\](\.value)?`, `TriggerTemplate spec\.resourcetemplates\[\]\.spec\.params\[\](\.value)?`,
		`Trigger spec\.interceptors\[\]\.params\[\]\.value`, `TriggerBinding spec\.params\[\]`, `TriggerTemplate spec\.params\[\]`, `Pipeline spec\.params\[\]`),
	on("rename", "nothing refers to the name",
		`(ClusterRoleBinding|RoleBinding|Ingress|PipelineRun|TaskRun) metadata\.name`, `Pipeline spec\.(tasks|finally|results)\[\]\.name`,
		`Task spec\.(steps|sidecars)\[\]\.name`, `.*metadata\.generateName`, `Ingress metadata\.namespace`),
	on("swap", "the two are declared alike, so either may have either name",
		`(Pipeline|Task) spec\.(params|workspaces|results|volumes)\[\]`, `Pipeline spec\.(tasks|finally)\[\](\.workspaces\[\])?`,
		`(PipelineRun spec|TriggerTemplate spec\.resourcetemplates\[\]\.spec)\.workspaces\[\]`, `Trigger spec\.interceptors\[\]\.params\[\]`),
	on("drop rename", "only the cluster knows its ingress classes, hosts and paths", `Ingress spec\.(ingressClassName|rules\[\]\.(host|http\.paths\[\]\.path))`),
	on("drop", "only the chart knows which permissions helm needs", `(Cluster)?Role rules\[\](\.(resources|verbs)\[\])?`),
	on("drop rename", "only the sender knows what is in an event", `TriggerBinding spec\.params\[\]\.value`),
	on("rename", "only the Secret knows its keys, and it is not among the files", `Trigger spec\.interceptors\[\]\.params\[\]\.value\.secretKey`),
	on("retype", "the value of a pipeline result may be an array", `Pipeline spec\.results\[\]\.value`),
}
