// N Tasks and a Pipeline of them with cdk8s, to standard output.
const { App, Chart, ApiObject } = require('cdk8s');

const n = Number(process.argv[2]);
const app = new App();
const chart = new Chart(app, 'all', { disableResourceNameHashes: true });
const tasks = [];
let key = '$(params.key)';
for (let i = 0; i < n; i++) {
  new ApiObject(chart, `job-${i}`, {
    apiVersion: 'tekton.dev/v1',
    kind: 'Task',
    metadata: { name: `job-${i}` },
    spec: {
      params: [
        { name: 'key', type: 'string', description: 'what to build' },
        { name: 'mode', type: 'string', description: 'how to build it', default: 'fast' },
      ],
      workspaces: [{ name: 'source' }],
      results: [{ name: 'digest', type: 'string', description: 'what was built' }],
      steps: [
        {
          name: 'build',
          image: 'registry.local/builder:1.2',
          env: [{ name: 'KEY', value: '$(params.key)' }, { name: 'MODE', value: '$(params.mode)' }],
          script: 'cd $(workspaces.source.path)\nbuild "$KEY" "$MODE"\n',
        },
        {
          name: 'publish',
          image: 'registry.local/publisher:1.2',
          env: [{ name: 'KEY', value: '$(params.key)' }],
          script: 'publish "$KEY" > $(results.digest.path)\n',
        },
      ],
    },
  });
  tasks.push({
    name: `task-${i}`,
    taskRef: { name: `job-${i}`, kind: 'Task' },
    params: [{ name: 'key', value: key }, { name: 'mode', value: 'slow' }],
    workspaces: [{ name: 'source', workspace: 'source' }],
  });
  key = `$(tasks.task-${i}.results.digest)`;
}
new ApiObject(chart, 'pipeline', {
  apiVersion: 'tekton.dev/v1',
  kind: 'Pipeline',
  metadata: { name: 'all' },
  spec: {
    params: [{ name: 'key', type: 'string' }],
    workspaces: [{ name: 'source' }],
    tasks,
  },
});
process.stdout.write(app.synthYaml());
