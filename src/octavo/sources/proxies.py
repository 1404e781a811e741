"""Which proxy a request goes through, from the usual environment variables. It never connects.

HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in upper or lower case. **Behind a proxy the vetting of addresses is
the proxy's**: it resolves the names, so only it can refuse what they lead to. Addresses written as numbers are still
vetted here.
"""

from __future__ import annotations

import urllib.request

from octavo.sources.refusals import Reason, Refusal
from octavo.sources.targets import Target

PROXY_SCHEMES = ("http://", "https://")


class Proxies:
    """The proxies of this process's environment, read once."""

    def __init__(self) -> None:
        self._proxies = urllib.request.getproxies_environment()

    def proxy_for(self, target: Target) -> str:
        """The proxy's address, empty for a direct connection. Raises Refusal (proxy) for a kind that is not spoken."""
        proxy = self._proxies.get(target.scheme) or self._proxies.get("all", "")
        if not proxy or urllib.request.proxy_bypass_environment(target.authority, self._proxies):  # type: ignore[attr-defined]
            return ""
        if "://" not in proxy:
            proxy = "http://" + proxy
        if not proxy.lower().startswith(PROXY_SCHEMES):
            raise Refusal(Reason.PROXY, "The proxy set in the environment is not an HTTP proxy", target.url)
        return proxy
