package calls

// Triggers is the table for the kinds of Tekton Triggers and package triggers.
var Triggers = triggers()

func triggers() map[string]string {
	t := map[string]string{
		"EventListener.spec.serviceAccountName":                                    "Listener.ServiceAccount",
		"EventListener.spec.triggers[].triggerRef":                                 "Listener.Add",
		"EventListener.spec.triggerGroups[].name":                                  "NewGroup",
		"EventListener.spec.triggerGroups[].triggerSelector.namespaceSelector":     "Group.Namespaces",
		"EventListener.spec.triggerGroups[].triggerSelector.labelSelector":         "Group.Select, Group.SelectBy",
		"EventListener.spec.namespaceSelector":                                     "Listener.Namespaces",
		"EventListener.spec.labelSelector":                                         "Listener.Select, Listener.SelectBy",
		"EventListener.spec.resources.customResource":                              "Listener.CustomResource",
		"EventListener.spec.resources.kubernetesResource.replicas":                 "Listener.Replicas",
		"EventListener.spec.resources.kubernetesResource.serviceType":              "Listener.Expose",
		"EventListener.spec.resources.kubernetesResource.servicePort":              "Listener.Expose",
		"EventListener.spec.resources.kubernetesResource.serviceLoadBalancerClass": "Listener.LoadBalancerClass",
		"EventListener.spec.resources.kubernetesResource.spec":                     "Listener.Pod, Listener.Requests, Listener.Limits, Listener.TLS",
		"EventListener.spec.cloudEventURI":                                         "Listener.CloudEvents",
	}
	below(t, "EventListener.metadata", metadata("NewListener", "Listener"))
	below(t, "EventListener.spec.triggers[]", trigger("NewTrigger"))
	below(t, "EventListener.spec.triggerGroups[].interceptors[]", interceptor())

	below(t, "Trigger.metadata", metadata("NewTrigger, Trigger.Named", "Trigger"))
	below(t, "Trigger.spec", trigger("Trigger.SpecName"))

	below(t, "TriggerTemplate.metadata", metadata("NewTemplate", "Template"))
	below(t, "TriggerTemplate.spec", template())

	for _, kind := range []string{"TriggerBinding", "ClusterTriggerBinding"} {
		of := map[string]string{"TriggerBinding": "NewBinding", "ClusterTriggerBinding": "NewClusterBinding"}[kind]
		below(t, kind+".metadata", metadata(of, "Binding"))
		below(t, kind+".spec.params[]", map[string]string{"name": "Binding.Param", "value": "Binding.Param"})
	}
	for _, kind := range []string{"ClusterInterceptor", "Interceptor"} {
		below(t, kind+".metadata", metadata("New"+kind, "InterceptorServer"))
		below(t, kind+".spec.clientConfig", map[string]string{
			"caBundle":          "InterceptorServer.CA",
			"url":               "InterceptorServer.URL",
			"service.name":      "InterceptorServer.Service",
			"service.namespace": "InterceptorServer.Service",
			"service.path":      "InterceptorServer.Service",
			"service.port":      "InterceptorServer.Service",
		})
	}
	return t
}

// metadata returns the table of the fields of metadata that manifests set.
func metadata(constructor, of string) map[string]string {
	const server = "Mutate, because the API server writes it"
	return map[string]string{
		"name":                       constructor,
		"namespace":                  "manifest.Set.Namespace, manifest.Set.NamespaceOf",
		"labels":                     of + ".Label",
		"annotations":                of + ".Annotate",
		"generateName":               "Mutate, because others refer to the object by its name",
		"finalizers":                 "Mutate, because controllers write it",
		"ownerReferences":            "Mutate, because controllers write it",
		"selfLink":                   server,
		"uid":                        server,
		"resourceVersion":            server,
		"generation":                 server,
		"creationTimestamp":          server,
		"deletionTimestamp":          server,
		"deletionGracePeriodSeconds": server,
		"managedFields":              server,
	}
}

// trigger returns the table of a trigger in a Trigger or an EventListener.
func trigger(name string) map[string]string {
	const apiVersion = "Mutate, because Tekton Triggers does not use it"
	t := map[string]string{
		"name":                  name,
		"serviceAccountName":    "Trigger.ServiceAccount",
		"template.ref":          "Trigger.Template",
		"template.apiversion":   apiVersion,
		"bindings[].name":       "Value",
		"bindings[].value":      "Value",
		"bindings[].ref":        "Trigger.Bind",
		"bindings[].kind":       "NewBinding, NewClusterBinding",
		"bindings[].apiversion": apiVersion,
	}
	below(t, "template.spec", template())
	below(t, "interceptors[]", interceptor())
	return t
}

// template returns the table of a template.
func template() map[string]string {
	return map[string]string{
		"params[].name":        "NewTemplate",
		"params[].description": "Template.Describe",
		"params[].default":     "Template.Default",
		"resourcetemplates[]":  "Template.Create, Template.Raw, FromObject",
	}
}

// interceptor returns the table of an interceptor of a trigger or a group.
func interceptor() map[string]string {
	const reference = "Mutate, because Tekton Triggers does not use it"
	return map[string]string{
		"name":           "Interceptor.Named",
		"ref.name":       "ClusterInterceptor, NamespacedInterceptor",
		"ref.kind":       "ClusterInterceptor, NamespacedInterceptor",
		"ref.apiVersion": reference,
		"params[].name":  "ClusterInterceptor, NamespacedInterceptor, SlackFields",
		"params[].value": "ClusterInterceptor, NamespacedInterceptor, SlackFields",

		"webhook.url":                       "Mutate, because Tekton Triggers rejects a webhook without objectRef",
		"webhook.header[].name":             "Interceptor.Header, Interceptor.HeaderList",
		"webhook.header[].value":            "Interceptor.Header, Interceptor.HeaderList",
		"webhook.objectRef.apiVersion":      "WebhookInterceptor",
		"webhook.objectRef.kind":            "WebhookInterceptor",
		"webhook.objectRef.name":            "WebhookInterceptor",
		"webhook.objectRef.namespace":       "Interceptor.Namespace",
		"webhook.objectRef.uid":             reference,
		"webhook.objectRef.resourceVersion": reference,
		"webhook.objectRef.fieldPath":       reference,
	}
}
