import { readFileSync } from 'node:fs';

const token = readFileSync('token.txt', 'utf8').trim();
const answer = await fetch(`${process.env.CI_API_V4_URL}/job`, { headers: { 'job-token': token } });
console.log(`GET ${answer.status}, job ${(await answer.json()).name}`);
