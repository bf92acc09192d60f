using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>A process, and how deep it stands in the tree.</summary>
internal sealed record ProcessRow(ProcessNode Process, string Indent);
