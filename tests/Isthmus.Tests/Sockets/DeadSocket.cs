using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Sockets;

/// <summary>A name whose socket was closed: a child that another test starts just now holds a copy, which keeps the socket alive until its exec.</summary>
internal static class DeadSocket
{
    /// <summary>Makes a listener and closes it; returns when it is dead.</summary>
    public static void Create(UnixAddress address)
    {
        UnixListener.Create(address).Dispose();
        Await(address);
    }

    /// <summary>Waits until nobody holds the socket any more.</summary>
    public static void Await(UnixAddress address) => Assert.True(SpinWait.SpinUntil(() => !address.IsBound(), Child.Limit), "It does not die.");
}
