# An unmodified python-gitlab against the twin: what a script of a platform engineer does. Prints what it saw as JSON.
import io
import json
import os
import time
import zipfile

import gitlab

seen = {}
client = gitlab.Gitlab(os.environ["TWIN_URL"], private_token=os.environ["TWIN_TOKEN"])
client.auth()
seen["user"] = client.user.username
project = client.projects.get("acme/shop")
seen["project"] = [project.path_with_namespace, project.default_branch]

project.branches.create({"branch": "feature", "ref": "main"})
project.commits.create(
    {
        "branch": "feature",
        "commit_message": "feat: a file",
        "actions": [{"action": "create", "file_path": "new.txt", "content": "new\n"}],
    }
)
seen["file"] = project.files.get(file_path="new.txt", ref="feature").decode().decode()
project.labels.create({"name": "agent", "color": "#336699"})
request = project.mergerequests.create(
    {"source_branch": "feature", "target_branch": "main", "title": "A feature", "labels": ["agent"]}
)
seen["changed"] = [change["new_path"] for change in request.changes()["changes"]]

for number in range(45):
    request.notes.create({"body": f"note {number}"})
notes = request.notes.list(all=True, sort="asc", order_by="created_at")
seen["notes"] = [note.body for note in notes if not note.system]
first = next(note for note in notes if not note.system)
first.body = "note 0, changed"
first.save()
seen["first"] = request.notes.get(first.id).body
thread = request.discussions.create({"body": "please look"})
thread.notes.create({"body": "looked"})
thread.resolved = True
thread.save()
seen["thread"] = [note["body"] for note in request.discussions.get(thread.id).attributes["notes"]]

pipeline = request.pipelines.list()[0]
pipeline = project.pipelines.get(pipeline.id)
while pipeline.status in ("created", "pending", "running"):
    time.sleep(0.1)
    pipeline.refresh()
seen["pipeline"] = [pipeline.status, pipeline.source]
job = project.jobs.get(pipeline.jobs.list()[0].id)
seen["job"] = [job.name, job.status]
seen["trace"] = "hello from the job" in job.trace().decode()
archive = zipfile.ZipFile(io.BytesIO(job.artifacts()))
seen["archive"] = archive.read("out/made.txt").decode()
seen["artifact"] = job.artifact("out/made.txt").decode()

project.commits.get(request.sha).statuses.create({"state": "success", "name": "outside"})
seen["statuses"] = [
    [status.name, status.status] for status in project.commits.get(request.sha).statuses.list()
]
project.generic_packages.upload(
    package_name="tool", package_version="1.0.0", file_name="tool.bin", path=os.environ["TWIN_FILE"]
)
package = project.generic_packages.download(package_name="tool", package_version="1.0.0", file_name="tool.bin")
seen["package"] = package == open(os.environ["TWIN_FILE"], "rb").read()

issue = project.issues.create({"title": "An issue"})
issue.state_event = "close"
issue.save()
seen["issue"] = project.issues.get(issue.iid).state
project.variables.create({"key": "SETTING", "value": "one"})
seen["variable"] = project.variables.get("SETTING").value
schedule = project.pipelineschedules.create(
    {"ref": "main", "description": "nightly", "cron": "0 2 * * *"}
)
seen["schedule"] = project.pipelineschedules.get(schedule.id).description
environment = project.environments.create({"name": "review/one"})
seen["environment"] = [one.name for one in project.environments.list()]
release = project.releases.create({"tag_name": "1.0.0", "ref": "main", "description": "first"})
seen["release"] = project.releases.get("1.0.0").description
seen["lint"] = project.ci_lint.create({"content": "a: {script: [x]}"}).valid

try:
    project.mergerequests.get(99)
except gitlab.exceptions.GitlabGetError as error:
    seen["missing"] = error.response_code
try:
    gitlab.Gitlab(os.environ["TWIN_URL"], private_token="glpat-" + "0" * 20).auth()
except gitlab.exceptions.GitlabAuthenticationError as error:
    seen["stranger"] = error.response_code
print(json.dumps(seen))
