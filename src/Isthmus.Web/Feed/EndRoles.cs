namespace Isthmus.Web.Feed;

/// <summary>The letters that stand for <see cref="EndRole"/> on the way to the page.</summary>
internal static class EndRoles
{
    private const string Letters = "rwolmph?!";

    public static string ToLetters(this EndRole role) => string.Concat(Letters.Where((_, bit) => ((int)role & (1 << bit)) != 0));
}
