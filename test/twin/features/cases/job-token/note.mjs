const { CI_API_V4_URL, CI_PROJECT_ID, CI_JOB_TOKEN, CI_COMMIT_SHA } = process.env;
const address = `${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/statuses/${CI_COMMIT_SHA}?state=success`;
const answer = await fetch(address, { method: 'POST', headers: { 'job-token': CI_JOB_TOKEN } });
console.log(`POST ${answer.status}`);
