"""Policy and wiring of newsbot as a Scrapy project: each setting with its reason.

Scrapy reads every upper-case name. Settings of newsbot's own begin with ``NEWSBOT_``; each limit among them has a
counter and a mark in the record that it cut: a limit never fails in silence.
Change them on the command line (``-s NAME=VALUE``), in the environment (``NEWSBOT_CONTACT``, ``NEWSBOT_OUTPUT``)
or in your own project through `newsbot.addon`.
"""

from __future__ import annotations

import os

from newsbot import __version__

BOT_NAME = "newsbot"
# newsbot's own spiders are known to its loader, which imports the one that is asked for: all of them take 0.3 s.
SPIDER_MODULES: list[str] = []
COMMANDS_MODULE = "newsbot.commands"
# A spider a site file, made when it is asked for.
SPIDER_LOADER_CLASS = "newsbot.spiders.loader.SiteSpiderLoader"

# --- Who we are, and where things are ------------------------------------------------------------------------

# An e-mail address or a page that tells a site's operator whom to talk to. Nothing but the demo is crawled without.
NEWSBOT_CONTACT = os.environ.get("NEWSBOT_CONTACT", "")
# "{contact}" is filled in at the start. robots.txt is asked under the name before the slash.
USER_AGENT = f"newsbot/{__version__} (+{{contact}})"
# Lines go to <output>/{stories,teasers,pages,events,runs}/, the state to <output>/.newsbot/.
NEWSBOT_OUTPUT = os.environ.get("NEWSBOT_OUTPUT", "output")
# A folder of site files beside the packaged ones; a file of the same name wins.
NEWSBOT_SITES = os.environ.get("NEWSBOT_SITES", "")

# --- The line ------------------------------------------------------------------------------------------------

ITEM_PIPELINES = {
    "newsbot.pipelines.repair.RepairPipeline": 100,
    "newsbot.pipelines.validate.ValidatePipeline": 200,
    "newsbot.pipelines.dedupe.DedupePipeline": 300,
    "newsbot.pipelines.store.StorePipeline": 400,
}
SCHEDULER = "newsbot.scheduler.FrontierScheduler"
# One capture a response goes through synchronous pipelines. Scrapy starts this many tasks for EVERY response;
# its default of 100 costs 1.4 to 1.8 times the framework's CPU (docs/decisions/speed.md).
CONCURRENT_ITEMS = 4

EXTENSIONS = {
    "newsbot.extensions.run.RunExtension": 0,  # opens the store: before all that uses it
    "newsbot.extensions.watchdog.Watchdog": 10,
    "newsbot.extensions.budget.Budget": 20,
    "newsbot.extensions.progress.Progress": 30,
    "newsbot.extensions.metrics.Metrics": 40,
    # Replaced by ours, or of no use here; each would listen to every request.
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
    "scrapy.extensions.closespider.CloseSpider": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}

# Scrapy's own in the place of those that are off would cost a fifth more of the framework's CPU.
DOWNLOADER_MIDDLEWARES = {
    "newsbot.network.gateway.GatewayMiddleware": 100,  # what may be asked at all, and with which headers
    "newsbot.network.robots.RobotsMiddleware": 200,
    "newsbot.network.retry.RetryMiddleware": 500,
    "newsbot.network.redirect.RedirectMiddleware": 600,
    "newsbot.network.gateway.PeerMiddleware": 690,
    "newsbot.network.floor.RateFloor": 695,
    "newsbot.network.body.BodyMiddleware": 700,  # nearest to the network: what follows sees whole bodies only
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": None,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,  # a page may not send us elsewhere
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
}
# Spiders make requests through the frontier only, which does what these would do (depth, length); no referer is sent.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}

# --- Closed doors --------------------------------------------------------------------------------------------

# Both listen on ports, and whoever reaches them owns the process.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# A link to file:, data:, ftp: or s3: would export what is no page of the web (bare Scrapy does).
DOWNLOAD_HANDLERS = {
    "http": "newsbot.network.handler.StrictHTTPHandler",
    "https": "newsbot.network.handler.StrictHTTPHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
# Scrapy's default is not to verify.
DOWNLOAD_VERIFY_CERTIFICATES = True
# Hosts (names) whose certificate is not verified; said loudly at every start.
NEWSBOT_NET_INSECURE_HOSTS: list[str] = []
# Sessions make pages differ from reader to reader; a cookie bomb made 800 KB of request header.
COOKIES_ENABLED = False
REFERRER_POLICY = "same-origin"
# An environment's proxy would be asked for inner addresses behind the guard's back.
HTTPPROXY_ENABLED = False
NEWSBOT_NET_ALLOW_PROXY = False
# No inner address is ever contacted; the guard sits where names become addresses.
# It costs a little more than Scrapy's: 0.05 ms at a name's first look-up, 0.02 ms a connection afterwards, where a
# page takes 20 (docs/decisions/speed.md).
TWISTED_DNS_RESOLVER = "newsbot.network.resolver.GuardedResolver"
DNS_TIMEOUT = 10.0
# Networks or addresses, each with an optional port, that are open all the same: "10.1.0.0/16", "127.0.0.1:8080".
NEWSBOT_NET_ALLOW_PRIVATE: list[str] = []
# Ports of the web; others only where a source itself is on one.
NEWSBOT_NET_PORTS = "80,443,8000-9000"

# --- Manners -------------------------------------------------------------------------------------------------

ROBOTSTXT_OBEY = True  # by newsbot.network.robots, after RFC 9309
NEWSBOT_ROBOTS_MAX_BYTES = 500 * 1024  # RFC 9309, 2.5
NEWSBOT_ROBOTS_CACHE_S = 24 * 3600.0  # RFC 9309, 2.4
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_DELAY = 1.0
# A longer Crawl-delay is obeyed all the same, up to this; a site that asks for more is not crawled in this run.
NEWSBOT_NET_MAX_CRAWL_DELAY_S = 120.0
RETRY_TIMES = 2
NEWSBOT_RETRY_BASE_S = 30.0  # 30 s, 60 s ... with jitter: three tries within one second help nobody
NEWSBOT_RETRY_CAP_S = 600.0
NEWSBOT_RETRY_AFTER_CAP_S = 3600.0  # a longer Retry-After ends the host for this run
# A host that so often in a row gave no answer at all is left to a later run: each of its URLs would wait for a timeout.
# 0: never, here and below.
NEWSBOT_NET_HOST_FAILURES = 10
# So many failures in a row on so many hosts are our own uplink: stop, and mark nothing as failed for good.
NEWSBOT_NET_DOWN_FAILURES = 20
NEWSBOT_NET_DOWN_HOSTS = 3

# --- Limits of one answer ------------------------------------------------------------------------------------

DOWNLOAD_TIMEOUT = 30.0  # in all; Scrapy's 180 s let one slow host hold a slot for a whole run
# A body may take all of that time, but not at less than this from its first seconds on.
NEWSBOT_NET_FLOOR_AFTER_S = 10.0
NEWSBOT_NET_FLOOR_BYTES_PER_S = 200.0
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # before and after decoding (611 KB of gzip became 8.8 GB)
NEWSBOT_SOURCE_MAX_BYTES = 50 * 1024 * 1024  # feeds and sitemaps: the limit of sitemaps.org
DOWNLOAD_WARNSIZE = 0
NEWSBOT_BODY_MAX_LAYERS = 2  # of Content-Encoding
REDIRECT_MAX_TIMES = 5

# --- Limits of discovery -------------------------------------------------------------------------------------

URLLENGTH_LIMIT = 2083
NEWSBOT_LINKS_PER_PAGE = 2000
NEWSBOT_DEPTH = 4  # from a source page
NEWSBOT_PAGES_PER_HOST = 2000
NEWSBOT_QUERY_VARIANTS = 20  # of one path
NEWSBOT_SITEMAP_DEPTH = 3
NEWSBOT_SITEMAP_FILES = 500
NEWSBOT_SITEMAP_URLS = 50_000  # a file
NEWSBOT_FEED_ENTRIES = 1000

# --- Limits of a run: each stops with its name and exit code 7, and the next run goes on --------------------

NEWSBOT_RUN_MAX_PAGES = 20_000
NEWSBOT_RUN_MAX_S = 50 * 60.0
NEWSBOT_RUN_MAX_MEMORY_MB = 1024
NEWSBOT_RUN_MIN_DISK_MB = 500
NEWSBOT_RUN_DRAIN_S = 20.0  # after SIGTERM or SIGINT
NEWSBOT_WATCHDOG_S = 60.0  # a callback that takes longer is a hang: the process ends with a traceback and code 1
NEWSBOT_WATCHDOG_STRIKES = 3  # then the page is set aside

# --- Log and framework ---------------------------------------------------------------------------------------

LOG_LEVEL = "INFO"
# Never a body or a header in the log, and no line a page.
LOG_FORMATTER = "newsbot.extensions.logs.QuietLogFormatter"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False  # the run's record and the last line of stderr say it
# Two pages' worth of waiting answers; the default is the same in spirit, ours counts decoded bytes.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 5_000_000
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
# uvloop (`newsbot[fast]`, then "uvloop.Loop" here) saves a tenth of the framework's CPU, a hundredth of a story page's.
ASYNCIO_EVENT_LOOP = None
WARN_ON_GENERATOR_RETURN_VALUE = False  # it reads the source of every callback
