namespace Isthmus.Cli.Watch;

/// <summary>Something to answer: a key, or a signal. Who hangs up is a SIGHUP, whether or not it comes as one.</summary>
internal readonly record struct WatchEvent(WatchKey? Key, Signal? Signal);
