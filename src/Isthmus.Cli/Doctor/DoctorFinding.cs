namespace Isthmus.Cli.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What, in one or two words.</param>
/// <param name="State">How it is.</param>
/// <param name="Value">What was found.</param>
/// <param name="Means">What that means for the library and this tool, and what to do about it.</param>
internal sealed record DoctorFinding(string Name, DoctorState State, string Value, string Means)
{
    public static DoctorFinding Of(string name, bool isOk, string value, string means, string otherwise) =>
        new(name, isOk ? DoctorState.Ok : DoctorState.Limited, value, isOk ? means : otherwise);
}
