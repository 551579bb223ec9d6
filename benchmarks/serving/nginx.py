"""nginx that serves one answer of another server, byte for byte, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving.server import free_port, listening
from serving.wrk import found

ITS_OWN = {"connection", "content-length", "content-type", "date", "last-modified", "server"}
CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log /dev/null crit;
{user}
events {{ worker_connections 12000; }}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  sendfile on; tcp_nopush on; etag off; gzip off;
  keepalive_requests 1000000000;
  open_file_cache max=10 inactive=1h; open_file_cache_valid 1h;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /page {{
      root {folder};
      types {{}}
      default_type "{kind}";
      {headers}
    }}
  }}
}}
"""


@contextmanager
def serving_file(folder: Path, head: bytes, body: bytes) -> Iterator[int]:
    """Serve the body at /page with the headers of this head; yield the port."""
    port, headers = free_port(), _headers(head)
    (folder / "page").write_bytes(body)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            port=port,
            user="user root;" if folder.owner() == "root" else "",
            kind=headers["content-type"],
            headers="\n      ".join(
                f'add_header {name} "{_quoted(value)}";'
                for name, value in headers.items()
                if name not in ITS_OWN
            ),
        )
    )
    command = [found("nginx") or "nginx", "-p", str(folder), "-c", str(configuration)]
    with listening(command, port):
        yield port


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.partition(": ") for line in lines if line)
    return {name.lower(): value for name, _, value in pairs}


def _quoted(value: str) -> str:
    if "$" in value:
        raise SystemExit(f"nginx would read a variable in {value}")
    return value.replace("\\", "\\\\").replace('"', '\\"')
