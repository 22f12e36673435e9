Attribute VB_Name = "XlinvConversion"
Option Explicit
' What passes between a cell and Python: raw values in, results and true Excel errors out.

Public Function XlinvAnswer(ByVal functionName As String, ByVal arguments As Variant) As Variant
    On Error GoTo Failed
    XlinvAnswer = XlinvResult(XLPy.CallUDF("udfs.functions", functionName, arguments, ActiveWorkbook, Application.Caller))
    Exit Function
Failed:
    XlinvAnswer = CVErr(xlErrValue)
End Function

Public Function XlinvValue(Optional ByVal argument As Variant) As Variant
    ' Value2 keeps dates as serial numbers and money as numbers, as they are without Excel too.
    If IsMissing(argument) Then
        XlinvValue = argument
    ElseIf Not IsObject(argument) Then
        XlinvValue = argument
    ElseIf argument.Areas.Count > 1 Then
        XlinvValue = CVErr(xlErrValue)
    Else
        XlinvValue = XlinvUsed(argument)
    End If
End Function

Private Function XlinvUsed(ByVal area As Range) As Variant
    ' A whole column or row holds a million cells: hand over those in use.
    Dim used As Range
    Set used = area
    If area.Rows.Count = area.Worksheet.Rows.Count Or area.Columns.Count = area.Worksheet.Columns.Count Then
        Set used = Application.Intersect(area, area.Worksheet.UsedRange)
    End If
    If Not used Is Nothing Then XlinvUsed = used.Value2
End Function

Public Function XlinvResult(ByVal result As Variant) As Variant
    Dim row As Long, column As Long
    If IsArray(result) Then
        For row = LBound(result, 1) To UBound(result, 1)
            For column = LBound(result, 2) To UBound(result, 2)
                result(row, column) = XlinvError(result(row, column))
            Next column
        Next row
        XlinvResult = result
    Else
        XlinvResult = XlinvError(result)
    End If
End Function

Private Function XlinvError(ByVal value As Variant) As Variant
    XlinvError = value
    If VarType(value) <> vbString Then Exit Function
    Select Case value
        Case "#NULL!": XlinvError = CVErr(2000)
        Case "#DIV/0!": XlinvError = CVErr(2007)
        Case "#VALUE!": XlinvError = CVErr(2015)
        Case "#REF!": XlinvError = CVErr(2023)
        Case "#NAME?": XlinvError = CVErr(2029)
        Case "#NUM!": XlinvError = CVErr(2036)
        Case "#N/A": XlinvError = CVErr(2042)
        Case "#GETTING_DATA": XlinvError = CVErr(2043)
        Case "#SPILL!": XlinvError = CVErr(2045)
        Case "#CALC!": XlinvError = CVErr(2050)
    End Select
End Function
