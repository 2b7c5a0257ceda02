package simulate

import (
	"context"
	"sync"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1alpha1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	resolutionv1beta1 "github.com/tektoncd/pipeline/pkg/apis/resolution/v1beta1"
	pipelineclient "github.com/tektoncd/pipeline/pkg/client/injection/client"
	pipelineruninformer "github.com/tektoncd/pipeline/pkg/client/injection/informers/pipeline/v1/pipelinerun"
	taskruninformer "github.com/tektoncd/pipeline/pkg/client/injection/informers/pipeline/v1/taskrun"
	policyinformer "github.com/tektoncd/pipeline/pkg/client/injection/informers/pipeline/v1alpha1/verificationpolicy"
	customruninformer "github.com/tektoncd/pipeline/pkg/client/injection/informers/pipeline/v1beta1/customrun"
	listersv1 "github.com/tektoncd/pipeline/pkg/client/listers/pipeline/v1"
	listersv1alpha1 "github.com/tektoncd/pipeline/pkg/client/listers/pipeline/v1alpha1"
	listersv1beta1 "github.com/tektoncd/pipeline/pkg/client/listers/pipeline/v1beta1"
	resolutionclient "github.com/tektoncd/pipeline/pkg/client/resolution/injection/client"
	resolutioninformer "github.com/tektoncd/pipeline/pkg/client/resolution/injection/informers/resolution/v1beta1/resolutionrequest"
	resolutionlisters "github.com/tektoncd/pipeline/pkg/client/resolution/listers/resolution/v1beta1"
	"github.com/tektoncd/pipeline/pkg/pipelinerunmetrics"
	"github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun"
	"github.com/tektoncd/pipeline/pkg/reconciler/taskrun"
	_ "github.com/tektoncd/pipeline/pkg/spire" // registers the client that the controller of TaskRuns expects
	"github.com/tektoncd/pipeline/pkg/taskrunmetrics"
	"go.uber.org/zap"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	kubelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	kubeclient "knative.dev/pkg/client/injection/kube/client"
	limitrangeinformer "knative.dev/pkg/client/injection/kube/informers/core/v1/limitrange"
	podinformer "knative.dev/pkg/client/injection/kube/informers/core/v1/pod/filtered"
	secretinformer "knative.dev/pkg/client/injection/kube/informers/core/v1/secret"
	"knative.dev/pkg/configmap"
	"knative.dev/pkg/controller"
	"knative.dev/pkg/injection"
	"knative.dev/pkg/logging"
	"knative.dev/pkg/reconciler"

	"github.com/tekwright/tekwright/internal/callsite"
)

// listing is an informer of any of the kinds that the controllers ask for.
type listing[L any] struct {
	informer cache.SharedIndexInformer
	lister   L
}

func (l listing[L]) Informer() cache.SharedIndexInformer { return l.informer }
func (l listing[L]) Lister() L                           { return l.lister }

func list[L any](c *cluster, resource string, o runtime.Object, lister func(cache.Indexer) L) listing[L] {
	in := informer(o)
	c.caches[resource] = in.GetIndexer()
	return listing[L]{in, lister(in.GetIndexer())}
}

// constructing is held while controllers are made: their packages have global variables
// that are set on first use.
var constructing sync.Mutex

// primed is done when the first controller of the process has been made. It asks once for
// the namespace of Tekton, in a sync.Once, which panics without the environment variable
// SYSTEM_NAMESPACE. It would read there whether to save memory in caches. A library does not
// set variables; after the panic, the answer is no, and Tekton does not ask again.
var primed sync.Once

// controllers are the controllers of Tekton, which nothing but this package calls.
type controllers struct {
	ctx                    context.Context
	pipelineRuns, taskRuns controller.Reconciler
}

// newControllers makes the controllers of PipelineRuns and TaskRuns as the program
// tekton-pipelines-controller does, for the cluster in memory. What injection would fetch
// from a kubeconfig is put into the context instead.
func newControllers(c *cluster, maps []*corev1.ConfigMap) *controllers {
	constructing.Lock()
	defer constructing.Unlock()

	ctx := logging.WithLogger(context.Background(), zap.NewNop().Sugar())
	ctx = controller.WithEventRecorder(ctx, watching{c})
	with := func(key, value any) { ctx = context.WithValue(ctx, key, value) }
	with(kubeclient.Key{}, c.kube)
	with(pipelineclient.Key{}, c.tekton)
	with(resolutionclient.Key{}, c.resolve)
	with(pipelineruninformer.Key{}, list(c, "pipelineruns", &v1.PipelineRun{}, listersv1.NewPipelineRunLister))
	with(taskruninformer.Key{}, list(c, "taskruns", &v1.TaskRun{}, listersv1.NewTaskRunLister))
	with(customruninformer.Key{}, list(c, "customruns", &v1beta1.CustomRun{}, listersv1beta1.NewCustomRunLister))
	with(policyinformer.Key{}, list(c, "verificationpolicies", &v1alpha1.VerificationPolicy{}, listersv1alpha1.NewVerificationPolicyLister))
	with(resolutioninformer.Key{}, list(c, "resolutionrequests", &resolutionv1beta1.ResolutionRequest{}, resolutionlisters.NewResolutionRequestLister))
	with(podinformer.Key{Selector: v1.ManagedByLabelKey}, list(c, "pods", &corev1.Pod{}, kubelisters.NewPodLister))
	with(limitrangeinformer.Key{}, list(c, "limitranges", &corev1.LimitRange{}, kubelisters.NewLimitRangeLister))
	with(secretinformer.Key{}, list(c, "secrets", &corev1.Secret{}, kubelisters.NewSecretLister))
	ctx = pipelinerunmetrics.WithClient(ctx)
	ctx = taskrunmetrics.WithClient(ctx)
	for _, client := range injection.Fake.GetClients() {
		ctx = client(ctx, &rest.Config{})
	}

	opts := &pipeline.Options{Images: images}
	config := configmap.NewStaticWatcher(maps...)
	primed.Do(func() {
		_ = callsite.Catch(func() {
			pipelinerun.NewController(opts, c.clock)(ctx, config).WorkQueue().ShutDown()
		})
	})
	prs := pipelinerun.NewController(opts, c.clock)(ctx, config)
	trs := taskrun.NewController(opts, c.clock)(ctx, config)
	for _, impl := range []*controller.Impl{prs, trs} {
		impl.WorkQueue().ShutDown() // the loop of this package takes its place
		if leader, ok := impl.Reconciler.(reconciler.LeaderAware); ok {
			_ = leader.Promote(reconciler.UniversalBucket(), func(reconciler.Bucket, types.NamespacedName) {})
		}
	}
	return &controllers{ctx, prs.Reconciler, trs.Reconciler}
}

// images are the images of Tekton's own containers.
var images = pipeline.Images{
	EntrypointImage:        "tekton/entrypoint",
	NopImage:               "tekton/nop",
	ShellImage:             "tekton/shell",
	ShellImageWin:          "tekton/shell",
	WorkingDirInitImage:    "tekton/workingdirinit",
	SidecarLogResultsImage: "tekton/sidecarlogresults",
}
