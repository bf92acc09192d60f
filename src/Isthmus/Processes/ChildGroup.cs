namespace Isthmus;

/// <summary>The process group and session that a child starts in (<c>credentials(7)</c>).</summary>
public enum ChildGroup
{
    /// <summary>The group of this process: Ctrl+C in the terminal reaches both.</summary>
    Inherited,

    /// <summary>A new group that the child leads, in the same session: its children can be signalled together, the
    /// terminal does not reach it.</summary>
    New,

    /// <summary>A new session that the child leads, and so a new group, without a controlling terminal
    /// (<c>setsid(2)</c>).</summary>
    NewSession,
}
