package pods

import (
	"testing"

	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"sigs.k8s.io/yaml"
)

// valid is a TaskRun with all that the rules check, and nothing that is rejected.
const valid = `
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: r}
spec:
  podTemplate:
    env: [{name: P, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
    nodeSelector: {kubernetes.io/arch: amd64}
    securityContext: {fsGroup: 1, runAsUser: 1, runAsGroup: 1, supplementalGroups: [1], fsGroupChangePolicy: Always}
    dnsPolicy: None
    dnsConfig: {nameservers: [10.0.0.1], searches: [a.b], options: [{name: ndots, value: "1"}]}
    hostAliases: [{ip: 10.0.0.1, hostnames: [a.b]}]
    tolerations:
      - {key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 5}
      - {key: a, operator: Equal, value: b, effect: NoSchedule}
      - {operator: Exists}
    topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}]
    affinity:
      nodeAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms:
            - matchExpressions:
                - {key: a, operator: In, values: [b]}
                - {key: a, operator: Exists}
                - {key: a, operator: Gt, values: ["1"]}
              matchFields: [{key: metadata.name, operator: In, values: [b]}]
        preferredDuringSchedulingIgnoredDuringExecution:
          - {weight: 1, preference: {matchExpressions: [{key: a, operator: DoesNotExist}]}}
      podAffinity:
        requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone}]
      podAntiAffinity:
        preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: zone}}]
  taskSpec:
    steps:
      - name: s
        image: x:1
        securityContext: {runAsUser: 1, runAsGroup: 1}
        computeResources:
          requests: {cpu: "1", memory: 1Gi, nvidia.com/gpu: "1", hugepages-2Mi: 4Mi}
          limits: {cpu: "2", memory: 1Gi, nvidia.com/gpu: "1", hugepages-2Mi: 4Mi}
        env:
          - {name: A, value: a}
          - {name: B, valueFrom: {secretKeyRef: {name: x, key: k}}}
          - {name: C, valueFrom: {configMapKeyRef: {name: x, key: k}}}
          - {name: D, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: "metadata.labels['a']"}}}
          - {name: E, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['A']"}}}
          - {name: F, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}}
          - {name: G, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
          - {name: H, valueFrom: {resourceFieldRef: {resource: requests.hugepages-2Mi}}}
        envFrom: [{prefix: A, secretRef: {name: x}}, {configMapRef: {name: x}}]
    sidecars:
      - name: d
        image: x:1
        ports: [{name: http, containerPort: 80, protocol: TCP}, {containerPort: 81, hostPort: 81}]
        livenessProbe: {exec: {command: [x]}, periodSeconds: 3, successThreshold: 1}
        readinessProbe: {httpGet: {port: http, path: /, scheme: HTTP, httpHeaders: [{name: X-A, value: a}]}, initialDelaySeconds: 1}
        startupProbe: {tcpSocket: {port: 80}, terminationGracePeriodSeconds: 1}
        lifecycle: {postStart: {exec: {command: [x]}}, preStop: {sleep: {seconds: 1}}}
      - {name: e, image: "x:1", readinessProbe: {grpc: {port: 80}}}
    volumes:
      - {name: a, configMap: {name: c, items: [{key: a, path: a}]}}
      - {name: b, secret: {secretName: s, items: [{key: a, path: a}]}}
      - {name: c, persistentVolumeClaim: {claimName: c}}
      - {name: d, nfs: {server: s, path: /a}}
      - {name: e, csi: {driver: d, nodePublishSecretRef: {name: s}}}
      - {name: f, downwardAPI: {items: [{path: a, fieldRef: {fieldPath: metadata.labels}}, {path: b, resourceFieldRef: {containerName: s, resource: limits.cpu}}]}}
      - name: g
        projected:
          sources:
            - {secret: {name: s, items: [{key: a, path: a}]}}
            - {configMap: {name: s, items: [{key: a, path: b}]}}
            - {downwardAPI: {items: [{path: c, fieldRef: {fieldPath: metadata.name}}]}}
            - {serviceAccountToken: {path: d, expirationSeconds: 600}}
      - {name: h, emptyDir: {sizeLimit: 1Gi}}
      - {name: i, hostPath: {path: /a, type: Directory}}
      - {name: j, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}
      - {name: k, image: {reference: "x:1"}}
      - {name: l, iscsi: {targetPortal: 10.0.0.1, iqn: "iqn.2001-04.com.example:a", lun: 0}}
      - {name: m, gitRepo: {repository: r}}
      - {name: "n", cephfs: {monitors: [a]}}
      - {name: o, rbd: {monitors: [a], image: i}}
      - {name: p, gcePersistentDisk: {pdName: a}}
      - {name: q, awsElasticBlockStore: {volumeID: a}}
      - {name: r, azureFile: {secretName: s, shareName: s}}
      - {name: t, vsphereVolume: {volumePath: a}}
      - {name: u, cinder: {volumeID: a}}
      - {name: v, flexVolume: {driver: d}}
`

func base(t *testing.T) *v1.TaskRun {
	t.Helper()
	run := &v1.TaskRun{}
	require.NoError(t, yaml.UnmarshalStrict([]byte(valid), run))
	return run
}
