namespace Isthmus.Tests.Claims;

/// <summary>
/// A sentence of the textbooks that the test holds against the present kernel. The table in docs/guide/choosing.md is made of these.
/// </summary>
/// <param name="order">Its place in the table.</param>
/// <param name="sentence">What the books say.</param>
/// <param name="verdict">What the test shows.</param>
/// <param name="because">What is true instead, or why.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClaimAttribute(int order, string sentence, Verdict verdict, string because) : Attribute
{
    public int Order => order;

    public string Sentence => sentence;

    public Verdict Verdict => verdict;

    public string Because => because;
}

public enum Verdict
{
    True,
    HalfTrue,
    False,
}
