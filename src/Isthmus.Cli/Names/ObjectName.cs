using System.Globalization;

namespace Isthmus.Cli.Names;

/// <summary>How a message queue, semaphore or shared memory is named on the command line.</summary>
internal abstract record ObjectName
{
    private ObjectName()
    {
    }

    /// <summary>Reads <c>/x</c>, <c>0xKEY</c> or a decimal id; where there are such objects, a bare word for one of Isthmus.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static ObjectName Parse(string text, bool acceptsShared = false)
    {
        if (text.StartsWith('/'))
        {
            return text.Length > 1 && text.IndexOf('/', 1) < 0 && text is not ("/." or "/..")
                ? new Posix(text)
                : throw new FormatException($"'{text}' is no name of a POSIX object: that is a slash and then no further one, such as /jobs.");
        }
        if (SystemVKey.TryParse(text, out SystemVKey key))
        {
            return new Key(key);
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            return new Id(id);
        }
        bool isWord = !text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && !long.TryParse(text, CultureInfo.InvariantCulture, out _);
        string others = acceptsShared ? ", any other word one of Isthmus" : "";
        return acceptsShared && isWord
            ? new Shared(text)
            : throw new FormatException($"'{text}' is no name here: /x is a POSIX object, 0xKEY a System V key, a number a System V id{others}.");
    }

    /// <summary>A POSIX object: <c>/x</c>.</summary>
    internal sealed record Posix(string Name) : ObjectName
    {
        public override string ToString() => Name;
    }

    /// <summary>A System V object by its key: <c>0xbeef</c>, or <c>--key-file</c>.</summary>
    internal sealed record Key(SystemVKey Value) : ObjectName
    {
        public override string ToString() => Value.ToString();
    }

    /// <summary>An object of Isthmus: a bare word.</summary>
    internal sealed record Shared(string Name) : ObjectName
    {
        public override string ToString() => Name;
    }

    /// <summary>A System V object by its id, as <c>ipcs</c> lists it.</summary>
    internal sealed record Id(int Value) : ObjectName
    {
        public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
    }
}
