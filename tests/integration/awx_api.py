# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A strict in-memory stand-in of AWX's API on 127.0.0.1, for the modules of awx.awx.

It refuses unknown fields, wrong types, dangling references, duplicate names, and illegal workflow graphs, and logs all requests.
It does not know the role awx. Real AWX may refuse requests that it accepts.
"""

import base64
import copy
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

import jinja2
import jinja2.meta
import yaml
from awx_schema import ASSOCIATIONS, CASCADE, CONFIGURATIONS, LINKS, ROLES, SCHEMAS, UNIFIED, UNIQUE
from awx_survey import answers_problems, survey_problem

ENCRYPTED = "$encrypted$"
TOKEN = "token-of-the-stand-in"
VERSION = "24.6.1"
_PLAYBOOK = re.compile(r"^\s*?-?\s*?(?:hosts|(ansible\.builtin\.)?import_playbook|include):\s*?.*?$")
_RRULE = re.compile(r"DTSTART(;TZID=[\w/+-]+:\d{8}T\d{6}|:\d{8}T\d{6}Z) "
                    r"RRULE:(?=.*FREQ=(MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY))(?=.*INTERVAL=\d+)[A-Z0-9=;,+-]+")
_LOOKUPS = {"organization__name": ("organization", "name"), "workflow_job_template__organization__name": ("workflow_job_template", "organization", "name"),
            "unified_job_template__organization__name": ("unified_job_template", "organization", "name")}
# Data that the modules of awx.awx send although AWX has no such field and ignores it: endpoint and name.
_IGNORED = {("workflow_job_template_nodes", "type")}


class Refusal(Exception):
    """An unsuccessful response."""

    def __init__(self, status, body):
        super().__init__(status, body)
        self.status = status
        self.body = body


def bad(**problems):
    """Return the Refusal of a request whose fields have problems."""
    return Refusal(400, {name: value if isinstance(value, (list, str)) else [str(value)] for name, value in problems.items()})


class Store:
    """All objects by endpoint and id, and the rules that they must follow.

    Arguments:
        repositories: folders by the URL of the project.
    """

    def __init__(self, repositories):
        self.repositories = repositories
        self.objects = {name: {} for name in SCHEMAS}
        self.associations = {}
        self.surveys = {}
        self.roles = {}
        self.updates = {}
        self._next = 0
        self.lock = threading.RLock()

    # --- reading ---

    def endpoint_of(self, id):
        """Return the endpoint that has an id."""
        return next(name for name, rows in self.objects.items() if id in rows)

    def rows(self, endpoint):
        """Return the objects of an endpoint. For unified_job_templates, return those of all kinds that start jobs."""
        if endpoint == "unified_job_templates":
            return {id: row for name in UNIFIED for id, row in self.objects[name].items()}
        return self.objects[endpoint]

    def by_name(self, endpoint, name):
        """Return the only object with a name."""
        found = [row for row in self.rows(endpoint).values() if row.get("name", row.get("username")) == name]
        assert len(found) == 1, "%d objects %r in %s" % (len(found), name, endpoint)
        return found[0]

    def linked(self, endpoint, id, association):
        """Return the ids of the objects associated with an object."""
        return self.associations.setdefault((endpoint, id, association), [])

    # --- writing ---

    def create(self, endpoint, given):
        """Create an object and return it."""
        row = {name: field.default for name, field in SCHEMAS[endpoint].items()}
        missing = [name for name, field in SCHEMAS[endpoint].items() if field.required and given.get(name) in (None, "")]
        if missing:
            raise bad(**{missing[0]: "This field is required."})
        return self._store(endpoint, self._new_id(), row, given)

    def change(self, endpoint, id, given):
        """Change an object and return it."""
        return self._store(endpoint, id, self.objects[endpoint][id], given)

    def delete(self, endpoint, id):
        """Delete an object and the objects that depend on it."""
        if endpoint == "labels":
            raise Refusal(405, {"detail": "Method DELETE not allowed."})
        if endpoint == "credential_types" and any(row["credential_type"] == id for row in self.objects["credentials"].values()):
            raise Refusal(403, {"detail": "Credential types that are in use cannot be deleted"})
        row = self.objects[endpoint].pop(id)
        if endpoint == "workflow_job_template_nodes" and row["unified_job_template"] in self.objects["workflow_approval_templates"]:
            del self.objects["workflow_approval_templates"][row["unified_job_template"]]
        for name, schema in SCHEMAS.items():
            for member, field in schema.items():
                if field.kind == "ref" and endpoint in (field.of, *([endpoint] if field.of == "unified_job_templates" and endpoint in UNIFIED else ())):
                    for other in [key for key, row in self.objects[name].items() if row[member] == id]:
                        if (name, member) in CASCADE:
                            self.delete_dependent(name, other)
                        elif other in self.objects[name]:
                            self.objects[name][other][member] = None
        for ids in self.associations.values():
            if id in ids:
                ids.remove(id)

    def delete_dependent(self, endpoint, id):
        """Delete a dependent object."""
        if endpoint == "labels":
            self.objects[endpoint].pop(id, None)
        elif id in self.objects[endpoint]:
            self.delete(endpoint, id)

    def _new_id(self):
        self._next += 1
        return self._next

    def _store(self, endpoint, id, row, given):
        """Validate and store the fields of an object."""
        given = {name: value for name, value in given.items() if (endpoint, name) not in _IGNORED}
        unknown = sorted(set(given) - set(SCHEMAS[endpoint]))
        if unknown:
            raise bad(**{unknown[0]: "%s has no such field." % endpoint})
        for name, value in given.items():
            self._check_field(name, SCHEMAS[endpoint][name], value)
        new = dict(row, **copy.deepcopy(given))
        getattr(self, "_check_%s" % endpoint, lambda id, row, new: None)(id, row, new)
        unique = UNIQUE.get(endpoint, ("name", "organization"))
        twin = unique and any(key != id and all(other[name] == new[name] for name in unique) for key, other in self.objects[endpoint].items())
        if twin:
            raise bad(__all__=["%s with this %s already exists." % (endpoint, " and ".join(unique))])
        self.objects[endpoint][id] = new
        return dict(new, id=id)

    def _check_field(self, name, field, value):
        """Refuse a value of the wrong type, an unknown choice, and a dangling reference."""
        if value is None:
            if field.default is not None or field.required:
                raise bad(**{name: "This field may not be null."})
            return
        kinds = {"str": str, "int": int, "bool": bool, "dict": dict, "list": list, "json": str, "ref": int}
        if not isinstance(value, kinds[field.kind]) or isinstance(value, bool) and field.kind != "bool":
            raise bad(**{name: "%r is not of type %s." % (value, field.kind)})
        if field.choices and value not in field.choices:
            raise bad(**{name: "%r is not a valid choice." % value})
        if field.kind == "json" and not isinstance(yaml.safe_load(value or "{}"), dict):
            raise bad(**{name: "Must be a table."})
        if field.kind == "ref" and value not in self.rows(field.of):
            raise bad(**{name: 'Invalid pk "%s" - object does not exist.' % value})

    # --- rules of single endpoints ---

    def _check_credential_types(self, id, row, new):
        fields = new["inputs"].get("fields", [])
        known = {"id", "type", "label", "secret", "help_text", "multiline", "choices", "default"}
        odd = [field for field in fields if set(field) - known or field.get("type") not in ("string", "boolean") or not field.get("label")]
        if odd or set(new["inputs"]) - {"fields", "required"}:
            raise bad(inputs="A field must have id, type, and label, and no unknown members.")
        names = {field["id"] for field in fields}
        if set(new["inputs"].get("required", [])) - names:
            raise bad(inputs="required contains an unknown field.")
        if set(new["injectors"]) - {"env", "extra_vars", "file"}:
            raise bad(injectors="Unknown kind of injector.")
        for name, template in new["injectors"].get("env", {}).items():
            if not re.fullmatch("[A-Z][A-Z0-9_]*", name) or name.startswith("ANSIBLE_"):
                raise bad(injectors="Environment variable %s is not allowed." % name)
            unknown = jinja2.meta.find_undeclared_variables(jinja2.Environment().parse(template)) - names
            if unknown:
                raise bad(injectors="%s uses an undefined field %s" % (name, sorted(unknown)))

    def _check_credentials(self, id, row, new):
        kind = self.objects["credential_types"][new["credential_type"]]
        fields = {field["id"]: field for field in kind["inputs"].get("fields", [])}
        for name, value in list(new["inputs"].items()):
            if name not in fields:
                raise bad(inputs="%s is not a field of the credential type." % name)
            if not isinstance(value, str):
                raise bad(inputs="%s must be a string." % name)
            if value == ENCRYPTED:
                new["inputs"][name] = row["inputs"][name]
        missing = [name for name in kind["inputs"].get("required", []) if not new["inputs"].get(name)]
        if missing:
            raise bad(inputs="%s is required." % missing[0])

    def _check_projects(self, id, row, new):
        if new["scm_type"] and not new["scm_url"]:
            raise bad(scm_url="SCM URL is required.")
        if any(row[name] != new[name] for name in ("scm_url", "scm_branch", "scm_type")):
            # AWX updates a project automatically when it is created or its source changes.
            self.start_update(id)

    def _check_inventory_sources(self, id, row, new):
        if new["source"] == "scm" and (new["source_project"] is None or not new["source_path"]):
            raise bad(source_project="Project and path are required for scm type sources.")

    def _check_notification_templates(self, id, row, new):
        members, secrets = CONFIGURATIONS[new["notification_type"]]
        if set(new["notification_configuration"]) - members:
            raise bad(notification_configuration="Unknown members.")
        for name in secrets & set(new["notification_configuration"]):
            if new["notification_configuration"][name] == ENCRYPTED:
                new["notification_configuration"][name] = row["notification_configuration"][name]

    def _check_job_templates(self, id, row, new):
        project = self.objects["projects"][new["project"]]
        # AWX uses the organization of the project and ignores the one in the request.
        new["organization"] = project["organization"]
        if new["playbook"] not in self.playbooks(new["project"]):
            raise bad(playbook="Playbook not found for project.")
        if new["inventory"] is None and not new["ask_inventory_on_launch"]:
            raise bad(inventory="This field is required unless it is prompted for on launch.")
        if new["job_slice_count"] < 1:
            raise bad(job_slice_count="Must be at least 1.")

    def _check_workflow_job_template_nodes(self, id, row, new):
        if row["workflow_job_template"] not in (None, new["workflow_job_template"]):
            raise bad(workflow_job_template="Cannot be changed.")
        if new["unified_job_template"] is not None and self.endpoint_of(new["unified_job_template"]) == "workflow_job_templates" \
                and new["unified_job_template"] == new["workflow_job_template"]:
            raise bad(unified_job_template="Nested workflow recursion.")
        if new["extra_data"]:
            self.check_answers(new["unified_job_template"], new["extra_data"], needs=False)

    def _check_schedules(self, id, row, new):
        if not _RRULE.fullmatch(new["rrule"]):
            raise bad(rrule="Must be DTSTART followed by one RRULE with FREQ and INTERVAL.")
        self.check_answers(new["unified_job_template"], new["extra_data"], needs=True)

    def check_answers(self, id, answers, needs):
        """Refuse extra variables that a template does not prompt for. id: of the template."""
        endpoint = self.endpoint_of(id)
        row = self.objects[endpoint][id]
        survey = self.surveys.get((endpoint, id), {}) if row.get("survey_enabled") else {}
        problems = answers_problems(survey, answers, needs)
        if row.get("ask_variables_on_launch"):
            problems = {name: problem for name, problem in problems.items() if problem != "not allowed on launch"}
        if problems:
            raise bad(variables_needed_to_start=["%s: %s" % item for item in problems.items()])

    # --- projects ---

    def start_update(self, project):
        """Start an update of a project. It finishes at the second poll."""
        self.updates[self._new_id()] = {"project": project, "looks": 0, "status": "pending"}
        return max(self.updates)

    def poll_update(self, id):
        """Return an update of a project, and advance it."""
        update = self.updates[id]
        update["looks"] += 1
        if update["looks"] == 2:
            url = self.objects["projects"][update["project"]]["scm_url"]
            update["status"] = "successful" if url in self.repositories else "failed"
            if update["status"] == "successful":
                self.objects["projects"][update["project"]]["_listed"] = _playbooks_in(self.repositories[url])
        return update

    def current_update(self, project):
        """Return the id of the running update, or None."""
        return next((id for id, update in self.updates.items() if update["project"] == project and update["status"] == "pending"), None)

    def playbooks(self, project):
        """Return the playbooks that the last update of a project found."""
        return self.objects["projects"][project].get("_listed", [])

    # --- associations ---

    def associate(self, endpoint, id, association, given):
        """Associate an object with another one, or disassociate it."""
        if set(given) - {"id", "disassociate"} or not isinstance(given.get("id"), int):
            raise bad(id="id is required. The only other member is disassociate.")
        ids, other = self.linked(endpoint, id, association), given["id"]
        if given.get("disassociate"):
            if other in ids:
                ids.remove(other)
            return
        if other not in self.rows(ASSOCIATIONS[endpoint][association]):
            raise bad(id="No such object.")
        if association == "credentials":
            kinds = [self.objects["credentials"][key]["credential_type"] for key in ids]
            if self.objects["credentials"][other]["credential_type"] in kinds:
                raise bad(error="Cannot assign multiple credentials of one type.")
        if association in LINKS:
            self._check_link(id, other, association)
        if other not in ids:
            ids.append(other)

    def _check_link(self, parent, child, association):
        """Refuse a link across workflows, a second link between two nodes, and a cycle."""
        nodes = self.objects["workflow_job_template_nodes"]
        if nodes[parent]["workflow_job_template"] != nodes[child]["workflow_job_template"]:
            raise Refusal(400, {"detail": "Node is of another workflow."})
        if any(child in self.linked("workflow_job_template_nodes", parent, other) for other in LINKS if other != association):
            raise Refusal(400, {"Error": "Relationship not allowed."})
        reached, left = set(), [child]
        while left:
            node = left.pop()
            reached.add(node)
            left += [key for name in LINKS for key in self.linked("workflow_job_template_nodes", node, name) if key not in reached]
        if parent in reached:
            raise Refusal(400, {"Error": "Cycle detected."})

    def role(self, endpoint, id, name):
        """Return the id of a role of an object."""
        key = (endpoint, id, name)
        if key not in self.roles:
            self.roles[key] = self._new_id()
        return self.roles[key]


def _playbooks_in(folder):
    """Return the playbooks of a folder. As AWX does, detect them by a line that begins a play or an import."""
    found = []
    for path in sorted(folder.rglob("*.y*ml")):
        parts = path.relative_to(folder).parts
        if not any(part.startswith(".") or part in ("roles", "tasks", "group_vars", "host_vars") for part in parts):
            if any(_PLAYBOOK.match(line) for line in path.read_text(encoding="utf-8").splitlines()):
                found.append("/".join(parts))
    return found


class Api:
    """Answers requests. C(log) contains (method, path, body) of each of them.

    Arguments:
        store: the Store. jobs: has launch(endpoint, id, given) and rows(endpoint); None if nothing can be launched.
    """

    def __init__(self, store, jobs=None):
        self.store = store
        self.jobs = jobs
        self.log = []

    def answer(self, method, path, query, body):
        """Return (status, body) of a request below /api/v2/."""
        with self.store.lock:
            self.log.append((method, path, body))
            parts = [unquote(part) for part in path.strip("/").split("/")]
            try:
                return self._route(method, parts, query, body)
            except Refusal as refusal:
                return refusal.status, refusal.body

    @property
    def writes(self):
        """The requests that change something, except those for tokens."""
        return [entry for entry in self.log if entry[0] != "GET" and not entry[1].startswith("/tokens")]

    def _route(self, method, parts, query, body):
        """Dispatch a request."""
        endpoint, rest = parts[0], parts[1:]
        if endpoint in ("ping", "config"):
            return 200, {"version": VERSION, "instances": []}
        if endpoint == "tokens":
            return (201, {"id": 1, "token": TOKEN}) if method == "POST" else (204, None)
        if endpoint == "project_updates" and method == "GET":
            return 200, self._shown_update(int(rest[0]), self.store.poll_update(int(rest[0])))
        if self.jobs is not None and self.jobs.handles(endpoint, rest):
            return self.jobs.answer(method, endpoint, rest, query, body)
        if endpoint == "roles" and len(rest) == 2:
            return self._association(method, "roles", int(rest[0]), rest[1], body)
        if endpoint != "unified_job_templates" and endpoint not in SCHEMAS:
            raise Refusal(404, {"detail": "Not found."})
        if not rest:
            return self._list(endpoint, query) if method == "GET" else self._created(endpoint, body)
        if not rest[0].isdigit() or int(rest[0]) not in self.store.rows(endpoint):
            raise Refusal(404, {"detail": "Not found."})
        return self._one(method, endpoint, int(rest[0]), rest[1:], body)

    def _created(self, endpoint, body):
        return 201, self.shown(endpoint, self.store.create(endpoint, body)["id"])

    def _one(self, method, endpoint, id, rest, body):
        """Answer a request for one object or for a resource below it."""
        if not rest:
            if method == "PATCH":
                self.store.change(endpoint, id, body)
            elif method == "DELETE":
                self.store.delete(endpoint, id)
                return 202 if endpoint == "inventories" else 204, None
            return 200, self.shown(endpoint, id)
        if rest == ["survey_spec"] and endpoint in ("job_templates", "workflow_job_templates"):
            return self._survey(method, endpoint, id, body)
        if rest == ["playbooks"] and endpoint == "projects":
            return 200, self.store.playbooks(id)
        if rest == ["update"] and endpoint == "projects" and method == "POST":
            update = self.store.start_update(id)
            return 202, self._shown_update(update, self.store.updates[update])
        if rest == ["create_approval_template"] and endpoint == "workflow_job_template_nodes" and method == "POST":
            approval = self.store.create("workflow_approval_templates", body)
            self.store.change(endpoint, id, {"unified_job_template": approval["id"]})
            return 201, self.shown("workflow_approval_templates", approval["id"])
        return self._association(method, endpoint, id, rest[0], body)

    def _association(self, method, endpoint, id, association, body):
        if association not in ASSOCIATIONS.get(endpoint, {}):
            raise Refusal(404, {"detail": "Not found."})
        if method == "POST":
            self.store.associate(endpoint, id, association, body)
            return 204, None
        return 200, _page([self.shown(ASSOCIATIONS[endpoint][association], key) for key in self.store.linked(endpoint, id, association)])

    def _survey(self, method, endpoint, id, body):
        key = (endpoint, id)
        if method == "POST":
            problem = survey_problem(body)
            if problem:
                raise Refusal(400, {"error": problem})
            self.store.surveys[key] = copy.deepcopy(body)
        elif method == "DELETE":
            self.store.surveys.pop(key, None)
        return 200, self.store.surveys.get(key, {}) if method == "GET" else {}

    def _list(self, endpoint, query):
        """Return a list. Refuse unknown filters."""
        rows = []
        for id in self.store.rows(endpoint):
            row = self.shown(endpoint, id)
            if all(self._matches(row, endpoint, name, value) for name, value in query.items() if not name.startswith(("or__", "page"))):
                either = [self._matches(row, endpoint, name[4:], value) for name, value in query.items() if name.startswith("or__")]
                if not either or any(either):
                    rows.append(row)
        return 200, _page(rows)

    def _matches(self, row, endpoint, name, value):
        """Return whether an object matches a filter."""
        if name in _LOOKUPS:
            members = _LOOKUPS[name]
            for member in members[:-1]:
                id = row.get(member)
                if id is None:
                    return False
                row = self.store.objects[self.store.endpoint_of(id)][id]
            return row[members[-1]] == value
        if name not in ("id", "type") and name not in SCHEMAS.get(endpoint, {}) and not (endpoint == "unified_job_templates" and name in row):
            if endpoint == "unified_job_templates" and name in ("organization", "name"):
                return False
            raise Refusal(400, {"detail": "%s has no field named '%s'" % (endpoint, name)})
        wanted = {"True": True, "False": False, "true": True, "false": False}.get(value, value)
        return str(row[name]) == str(wanted)

    def shown(self, endpoint, id):
        """Return the representation of an object in AWX."""
        if endpoint == "unified_job_templates":
            endpoint = self.store.endpoint_of(id)
        row = {name: value for name, value in copy.deepcopy(self.store.objects[endpoint][id]).items() if not name.startswith("_")}
        url = "/api/v2/%s/%d/" % (endpoint, id)
        kind = "inventory" if endpoint == "inventories" else endpoint[:-1]
        row.update(id=id, type=kind, url=url, related={}, summary_fields={})
        for name in ASSOCIATIONS.get(endpoint, {}):
            row["related"][name] = "%s%s/" % (url, name)
        for name, field in SCHEMAS[endpoint].items():
            if field.kind == "ref" and row[name] is not None:
                other = self.store.endpoint_of(row[name])
                row["related"][name] = "/api/v2/%s/%d/" % (other, row[name])
                row["summary_fields"][name] = {"id": row[name], "name": self.store.objects[other][row[name]].get("name")}
        if endpoint in ROLES:
            row["related"].update(survey_spec=url + "survey_spec/", launch=url + "launch/")
            row["summary_fields"]["object_roles"] = {"%s_role" % name: {"id": self.store.role(endpoint, id, name)} for name in ROLES[endpoint]}
        getattr(self, "_show_%s" % endpoint, lambda row, id, url: None)(row, id, url)
        return row

    def _show_projects(self, row, id, url):
        row["related"]["update"] = url + "update/"
        row["scm_revision"] = "1" * 40 if self.store.playbooks(id) else ""
        update = self.store.current_update(id)
        if update is not None:
            row["summary_fields"]["current_update"] = {"id": update}

    def _show_credentials(self, row, id, url):
        kind = self.store.objects["credential_types"][row["credential_type"]]
        secret = {field["id"] for field in kind["inputs"].get("fields", []) if field.get("secret")}
        row["inputs"] = {name: ENCRYPTED if name in secret else value for name, value in row["inputs"].items()}

    def _show_notification_templates(self, row, id, url):
        secret = CONFIGURATIONS[row["notification_type"]][1]
        row["notification_configuration"] = {name: ENCRYPTED if name in secret else value for name, value in row["notification_configuration"].items()}

    def _shown_update(self, id, update):
        done = update["status"] != "pending"
        return {"id": id, "type": "project_update", "url": "/api/v2/project_updates/%d/" % id, "status": update["status"],
                "failed": update["status"] == "failed", "finished": "2026-01-01T00:00:00Z" if done else None, "event_processing_finished": done,
                "scm_revision": "1" * 40, "elapsed": 1, "started": None}


def _page(rows):
    """Return a list in the form of a page of AWX. All rows are on one page."""
    return {"count": len(rows), "next": None, "previous": None, "results": rows}


class StandIn:
    """The API on a free port of 127.0.0.1. C(environment) has the variables that point the modules of awx.awx to it."""

    def __init__(self, repositories, jobs=None):
        self.store = Store(repositories)
        self.jobs = jobs(self.store) if jobs else None
        self.api = Api(self.store, self.jobs)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = "http://127.0.0.1:%d" % self._server.server_port
        self.environment = {"CONTROLLER_HOST": self.url, "CONTROLLER_OAUTH_TOKEN": TOKEN}

    def stop(self):
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        api = self.api

        class Handler(BaseHTTPRequestHandler):
            """Parses requests."""

            def _handle(self):
                parts = urlsplit(self.path)
                size = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(size) or b"{}")
                given = self.headers.get("Authorization", "")
                if not parts.path.startswith("/api/v2/"):
                    status, answer = 404, {"detail": "Not found."}
                elif given != "Bearer " + TOKEN and not (parts.path.startswith("/api/v2/tokens/") and given.startswith("Basic ")
                                                         and base64.b64decode(given[6:]) == b"admin:password"):
                    status, answer = 401, {"detail": "Authentication credentials were not provided."}
                else:
                    status, answer = api.answer(self.command, parts.path[len("/api/v2"):], dict(parse_qsl(parts.query)), body)
                data = b"" if answer is None else json.dumps(answer).encode()
                self.send_response(status)
                for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(data))), ("X-API-Product-Name", "AWX"),
                                    ("X-API-Product-Version", VERSION)):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_DELETE = _handle

            def log_message(self, format, *args):
                """Do not log."""

        return Handler
