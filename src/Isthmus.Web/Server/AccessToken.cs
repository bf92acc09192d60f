using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Isthmus.Web.Server;

/// <summary>The secret that stands in the address which is printed: 256 random bits. Whoever has it may look.</summary>
internal sealed class AccessToken
{
    private const int SecretBytes = 32;

    private readonly byte[] _text;

    private AccessToken(string text)
    {
        Text = text;
        _text = Encoding.ASCII.GetBytes(text);
    }

    public string Text { get; }

    public static AccessToken Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));

    /// <summary>In a time that tells nothing but whether the length is right.</summary>
    public bool Is(string? candidate) =>
        candidate is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(candidate), _text);
}
