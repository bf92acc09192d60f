using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>A <see cref="Topic"/> whose samples are all of one type.</summary>
/// <typeparam name="T">
/// A struct of numbers: without references, pointers, handles, and nothing that means something in one process only. All who use the topic agree on its layout,
/// and that is checked: the size, and the kinds of the fields in their order.
/// </typeparam>
/// <remarks>Samples are received as copies; <see cref="Untyped"/> gives them on loan too.</remarks>
[SuppressMessage("Design", "CA1000", Justification = "As for all shared objects: Create and Open stand on the type that they give.")]
public sealed class Topic<T> : IDisposable
    where T : unmanaged
{
    private Topic(Topic untyped) => Untyped = untyped;

    /// <summary>The same topic, whose samples are bytes.</summary>
    public Topic Untyped { get; }

    /// <summary>The name under which it was opened; null for an unnamed one.</summary>
    public string? Name => Untyped.Name;

    /// <summary>Makes a topic with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">
    /// For how many of what, who may use it, and where it is; <see cref="TopicOptions.MaxSampleSize"/> is the size of <typeparamref name="T"/>.
    /// </param>
    /// <inheritdoc cref="Topic.Create(string, TopicOptions?)"/>
    public static Topic<T> Create(string name, TopicOptions? options = null) => new(Topic.Create(name, options, Element.Of<T>()));

    /// <summary>Opens a topic by its name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">Where it is, and whose it may be.</param>
    /// <exception cref="InvalidDataException">What stands at the name is no topic of samples of this layout.</exception>
    /// <inheritdoc cref="Topic.Open(string, SharedObjectOptions?)"/>
    public static Topic<T> Open(string name, SharedObjectOptions? options = null) => Checked(Topic.Open(name, options));

    /// <summary>
    /// Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    public static Topic<T> OpenOrCreate(string name, TopicOptions? options = null) => Checked(Topic.OpenOrCreate(name, options, Element.Of<T>()));

    /// <summary>Makes a topic without a name, to be handed on by <see cref="Share"/>.</summary>
    /// <param name="options">For how many of what.</param>
    /// <inheritdoc cref="Topic.CreateUnnamed(TopicOptions?)"/>
    public static Topic<T> CreateUnnamed(TopicOptions? options = null) => new(Topic.CreateUnnamed(options, Element.Of<T>()));

    /// <summary>Takes part in an unnamed topic that another process made.</summary>
    /// <param name="memory">What its <see cref="Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no topic of samples of this layout.</exception>
    public static Topic<T> OpenUnnamed(SafeHandle memory) => Checked(Topic.OpenUnnamed(memory));

    /// <inheritdoc cref="SharedObject.Share"/>
    public SafeFileHandle Share() => Untyped.Share();

    /// <inheritdoc cref="Topic.GetStatus()"/>
    public TopicStatus GetStatus() => Untyped.GetStatus();

    /// <inheritdoc cref="Topic.CreatePublisher"/>
    public Publisher<T> CreatePublisher() => new(Untyped.CreatePublisher());

    /// <inheritdoc cref="Topic.CreateSubscriber"/>
    public Subscriber<T> CreateSubscriber(SubscriberOptions? options = null) => new(Untyped.CreateSubscriber(options));

    /// <inheritdoc cref="SharedObject.Dispose"/>
    public void Dispose() => Untyped.Dispose();

    /// <inheritdoc/>
    public override string ToString() => Untyped.ToString();

    private static Topic<T> Checked(Topic untyped)
    {
        Element found = untyped.Element, asked = Element.Of<T>();
        if (found.IsLike(asked))
        {
            return new(untyped);
        }
        string message = $"{untyped} has {found.Unlike(asked, "samples")}.";
        untyped.Dispose();
        throw new InvalidDataException(message);
    }
}
