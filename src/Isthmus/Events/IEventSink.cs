namespace Isthmus;

/// <summary>Who gets the events of one descriptor from the loop.</summary>
internal interface IEventSink
{
    /// <summary>Called on the epoll thread: short, taking no lock that is held for long, never running user code.</summary>
    void OnEvents(uint events);
}
