using System.Globalization;
using System.Xml.Linq;

namespace Isthmus.Cli.Bench;

/// <summary>One line of a chart; its points sorted by x. A limit is drawn across the whole chart.</summary>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsLimit = false);

/// <summary>
/// A chart with two logarithmic axes. Each line has a colour, a dash and a mark of its own, so that it can be told from the
/// others without colours; the names stand beside the chart in the order in which the lines end there.
/// </summary>
internal sealed class SvgChart(string id, string title, string description, Func<double, string> xLabel, Func<double, string> yLabel)
{
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private const double Left = 74;
    private const double Top = 12;
    private const double PlotWidth = 560;
    private const double PlotHeight = 420;
    private const double LegendWidth = 200;
    private const double LegendLine = 20;
    private const int Styles = 10;

    private static readonly string[] s_marks =
    [
        "M-4,0A4,4 0 1,0 4,0A4,4 0 1,0 -4,0", "M-3.5,-3.5H3.5V3.5H-3.5Z", "M0,-5L5,0L0,5L-5,0Z", "M0,-5L4.5,4H-4.5Z", "M0,5L4.5,-4H-4.5Z",
    ];

    public XElement Draw(IReadOnlyList<Series> series)
    {
        (double X, double Y)[] points = [.. series.SelectMany(each => each.Points)];
        double[] xs = [.. series.Where(each => !each.IsLimit).SelectMany(each => each.Points).Select(point => point.X).Distinct().Order()];
        Axis x = Axis.Around(xs, Left, Left + PlotWidth);
        Axis y = Axis.Round(points.Select(point => point.Y), Top + PlotHeight, Top);
        Series[] ordered = [.. series.OrderBy(each => y.Place(each.Points[^1].Y))];
        return new XElement(
            Svg + "svg",
            new XAttribute("viewBox", Number($"0 0 {Left + PlotWidth + LegendWidth} {Top + PlotHeight + 50}")),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", $"{id}-title {id}-description"),
            new XElement(Svg + "title", new XAttribute("id", id + "-title"), title),
            new XElement(Svg + "desc", new XAttribute("id", id + "-description"), description),
            y.Ticks.Select(tick => GridLine(y.Place(tick), yLabel(tick))),
            xs.Select(tick => Text(x.Place(tick), Top + PlotHeight + 20, "middle", xLabel(tick))),
            Text(Left + (PlotWidth / 2), Top + PlotHeight + 42, "middle", "message size"),
            ordered.Index().Select(item => Line(item.Item, item.Index, x, y)));
    }

    private static XElement Line(Series series, int index, Axis x, Axis y)
    {
        string style = series.IsLimit ? "limit" : Number($"s{index % Styles}");
        (double X, double Y)[] places = series.IsLimit
            ? [(Left, y.Place(series.Points[0].Y)), (Left + PlotWidth, y.Place(series.Points[0].Y))]
            : [.. series.Points.Select(point => (x.Place(point.X), y.Place(point.Y)))];
        string mark = s_marks[index % s_marks.Length];
        double legendX = Left + PlotWidth + 16;
        double legendY = Top + 10 + (index * LegendLine);
        return new XElement(
            Svg + "g",
            new XAttribute("class", style),
            new XElement(Svg + "path", new XAttribute("class", "line"), new XAttribute("d", Path(places))),
            series.IsLimit ? null : places.Select(place => Mark(mark, place.X, place.Y)),
            new XElement(Svg + "path", new XAttribute("class", "line"), new XAttribute("d", Path([(legendX, legendY), (legendX + 26, legendY)]))),
            series.IsLimit ? null : Mark(mark, legendX + 13, legendY),
            Text(legendX + 34, legendY + 4, "start", series.Name));
    }

    private static XElement GridLine(double y, string label) => new(
        Svg + "g",
        new XElement(Svg + "path", new XAttribute("class", "grid"), new XAttribute("d", Path([(Left, y), (Left + PlotWidth, y)]))),
        Text(Left - 8, y + 4, "end", label));

    private static XElement Mark(string path, double x, double y) => new(
        Svg + "path", new XAttribute("class", "mark"), new XAttribute("d", path), new XAttribute("transform", Number($"translate({x:0.#} {y:0.#})")));

    private static XElement Text(double x, double y, string anchor, string text) => new(
        Svg + "text", new XAttribute("x", Number($"{x:0.#}")), new XAttribute("y", Number($"{y:0.#}")), new XAttribute("text-anchor", anchor), text);

    private static string Path(IEnumerable<(double X, double Y)> places) =>
        "M" + string.Join("L", places.Select(place => Number($"{place.X:0.#},{place.Y:0.#}")));

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Places values by their logarithms.</summary>
    private sealed record Axis(double Least, double Most, double From, double To)
    {
        // 1, 2, 5, 10, 20, ...
        private static readonly double[] s_steps =
            [.. Enumerable.Range(-3, 18).SelectMany(power => new[] { 1, 2, 5 }, (power, digit) => digit * Math.Pow(10, power))];

        public IEnumerable<double> Ticks => s_steps.Where(step => step >= Least && step <= Most);

        public static Axis Round(IEnumerable<double> values, double from, double to)
        {
            double[] all = [.. values];
            return new Axis(s_steps.Last(step => step <= all.Min()), s_steps.First(step => step > all.Max()), from, to);
        }

        // Half a step of room on both sides; a single value stands in the middle.
        public static Axis Around(double[] values, double from, double to) => new(values[0] / 2, values[^1] * 2, from, to);

        public double Place(double value) => From + ((To - From) * Math.Log(value / Least) / Math.Log(Most / Least));
    }
}
